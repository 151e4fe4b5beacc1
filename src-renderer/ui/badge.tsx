import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx';
import { softTone, type Tone } from './tone';

interface BadgeProps {
  tone?: Tone | undefined;
  icon?: LucideIcon | undefined;
  title?: string | undefined;
  children: ReactNode;
}

/** A short fact about a thing: a tag, a count, a kind. */
export function Badge({ tone = 'neutral', icon: Icon, title, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex h-5 max-w-full align-top items-center gap-1 rounded-sm border px-1.5 text-2xs font-medium whitespace-nowrap',
        softTone[tone],
      )}
    >
      {Icon && <Icon size={12} className="shrink-0" aria-hidden />}
      <span className="truncate">{children}</span>
    </span>
  );
}
