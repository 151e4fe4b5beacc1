import type { ReactNode } from 'react';

/** The card around a table that fills what is left of the screen. */
export function TableFrame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-0 min-w-0 flex-1 overflow-hidden rounded-lg border border-line bg-surface">
      {children}
    </div>
  );
}
