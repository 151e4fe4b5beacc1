import type { ReactNode } from 'react';
import { cx } from './cx';

interface PageProps {
  title: ReactNode;
  /** Beside the title: a state, a count. */
  badge?: ReactNode;
  /** One line under the title. */
  hint?: ReactNode;
  /** Right: at most one primary action and a few others. */
  actions?: ReactNode;
  /** Under the header, above the content: tabs, filters, search. */
  toolbar?: ReactNode;
  /** `scroll` for documents and dashboards, `fill` for a table that scrolls by itself. */
  layout?: 'scroll' | 'fill' | undefined;
  /** Narrows the content to a readable width: forms. */
  narrow?: boolean | undefined;
  children: ReactNode;
}

/** The frame of every screen: header, optional toolbar, content. */
export function Page({
  title,
  badge,
  hint,
  actions,
  toolbar,
  layout = 'scroll',
  narrow = false,
  children,
}: PageProps) {
  return (
    <div className="flex h-full min-h-0 min-w-0 flex-col">
      <header className="flex min-h-14 shrink-0 items-center gap-4 px-6 pt-3 pb-2">
        <div className="min-w-0 flex-1">
          <div className="flex min-w-0 items-center gap-2.5">
            <h1 className="truncate text-lg font-semibold tracking-tight">{title}</h1>
            {badge}
          </div>
          {hint !== undefined && <p className="truncate text-xs text-ink-3">{hint}</p>}
        </div>
        {actions !== undefined && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
      </header>
      {toolbar !== undefined && (
        <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 px-6 pb-2">{toolbar}</div>
      )}
      <div
        className={cx(
          'min-h-0 flex-1',
          // `relative`: what is hidden for readers of screens stands in here, and does not make the window scroll.
          layout === 'scroll' ? 'relative overflow-y-auto px-6 pt-1 pb-8' : 'flex flex-col px-6 pb-4',
        )}
      >
        <div className={cx(layout === 'fill' ? 'flex min-h-0 flex-1 flex-col' : narrow && 'max-w-3xl')}>
          {children}
        </div>
      </div>
    </div>
  );
}
