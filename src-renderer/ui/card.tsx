import type { ReactNode } from 'react';
import { cx } from './cx';

interface CardProps {
  title?: ReactNode;
  /** One line under the title. */
  hint?: ReactNode;
  /** Right of the title: small buttons, a range picker. */
  actions?: ReactNode;
  /** `none` lets a table or chart touch the edges. */
  padding?: 'none' | 'md' | undefined;
  /** Fills the height it is given and scrolls inside. */
  fill?: boolean | undefined;
  children: ReactNode;
}

/** A surface with one subject. */
export function Card({ title, hint, actions, padding = 'md', fill = false, children }: CardProps) {
  const headed = title !== undefined || actions !== undefined;
  return (
    <section
      className={cx(
        'min-w-0 rounded-lg border border-line bg-surface shadow-e1',
        fill && 'flex min-h-0 flex-1 flex-col overflow-hidden',
      )}
    >
      {headed && (
        <header className="flex min-h-10 items-center gap-3 border-b border-line py-1.5 pr-2 pl-4">
          <div className="min-w-0 flex-1">
            <h2 className="truncate text-sm font-semibold">{title}</h2>
            {hint !== undefined && <p className="truncate text-xs text-ink-3">{hint}</p>}
          </div>
          {actions !== undefined && <div className="flex shrink-0 items-center gap-1">{actions}</div>}
        </header>
      )}
      <div className={cx(padding === 'md' && 'p-4', fill && 'flex min-h-0 flex-1 flex-col overflow-auto')}>
        {children}
      </div>
    </section>
  );
}

interface SectionProps {
  title: ReactNode;
  hint?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A titled part of a form or panel, without a frame of its own. */
export function Section({ title, hint, actions, children }: SectionProps) {
  return (
    <section className="min-w-0">
      <header className="mb-2 flex items-end gap-3">
        <div className="min-w-0 flex-1">
          <h3 className="text-sm font-semibold">{title}</h3>
          {hint !== undefined && <p className="text-xs text-ink-3">{hint}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}

interface StatProps {
  label: ReactNode;
  value: ReactNode;
  /** Under the figure: a change, a comparison, what it counts. */
  detail?: ReactNode;
  /** Beside the figure, right: a sparkline. */
  trend?: ReactNode;
}

/** One figure worth a glance. */
export function Stat({ label, value, detail, trend }: StatProps) {
  return (
    <div className="flex min-w-0 items-end justify-between gap-4">
      <div className="shrink-0">
        <div className="text-xs text-ink-3">{label}</div>
        <div className="tabular text-2xl font-semibold tracking-tight whitespace-nowrap">{value}</div>
        {detail !== undefined && <div className="text-xs whitespace-nowrap text-ink-2">{detail}</div>}
      </div>
      {trend !== undefined && <div className="flex min-w-0 justify-end overflow-hidden pb-1">{trend}</div>}
    </div>
  );
}
