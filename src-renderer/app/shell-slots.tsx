import { createContext, type ReactNode, useContext } from 'react';
import type { GivenFile } from '@renderer/platform/files';
import type { NavKey } from './navigation';

/** What the shell shows of the running system; filled by app/live-shell.tsx, empty until it is known. */
export interface ShellSlots {
  /** The connection's state, as an EnginePill. */
  readonly engine?: ReactNode;
  /** Open alerts, as an AlertBell. */
  readonly alerts?: ReactNode;
  readonly profile?: { readonly name: string; readonly production: boolean } | undefined;
  /** Under the top bar: connection lost, sandbox in use. */
  readonly banner?: ReactNode;
  /** Status bar, right. */
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

/** Figures of the shell that change with the queues, several times a second: apart, so that only they are drawn anew. */
export interface ShellFigures {
  /** Counts beside the navigation's entries: failures not yet seen, alerts that nobody has taken on. */
  readonly badges?: Readonly<Partial<Record<NavKey, number>>> | undefined;
  /** Status bar, left. */
  readonly statusStart?: ReactNode;
}

const Figures = createContext<ShellFigures>({});

export const ShellFiguresProvider = Figures.Provider;

export function useShellFigures(): ShellFigures {
  return useContext(Figures);
}
