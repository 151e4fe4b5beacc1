import { createContext, type ReactNode, useContext } from 'react';
import type { GivenFile } from '@renderer/platform/files';
import type { NavKey } from './navigation';

/** What the shell shows of the running system; filled by app/live-shell.tsx, empty until it is known. */
export interface ShellSlots {
  /** The connection's state, as an EnginePill. */
  readonly engine?: ReactNode;
  readonly profile?: { readonly name: string; readonly production: boolean } | undefined;
  /** Counts beside the navigation's entries: failures not yet seen. */
  readonly badges?: Readonly<Partial<Record<NavKey, number>>> | undefined;
  /** Under the top bar: connection lost, sandbox in use. */
  readonly banner?: ReactNode;
  /** Status bar, left and right. */
  readonly statusStart?: ReactNode;
  readonly statusEnd?: ReactNode;
  /** Files dropped anywhere on the window. Without it nothing can be dropped. */
  readonly onFiles?: ((files: readonly GivenFile[]) => void) | undefined;
}

const Context = createContext<ShellSlots>({});

export const ShellSlotsProvider = Context.Provider;

/** The slots' present content. */
export function useShellSlots(): ShellSlots {
  return useContext(Context);
}
