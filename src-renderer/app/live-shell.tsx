import type { ReactNode } from 'react';
import { type ShellSlots, ShellSlotsProvider } from './shell-slots';

const slots: ShellSlots = {};

/** Feeds the shell's slots from the running system. Inside the providers, outside the router. */
export function LiveShell({ children }: { children: ReactNode }) {
  return <ShellSlotsProvider value={slots}>{children}</ShellSlotsProvider>;
}
