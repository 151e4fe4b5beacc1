import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** Why it is empty, or what will stand here. */
  description?: ReactNode;
  /** The next thing to do, as a button or a link. */
  action?: ReactNode;
  /** `inline` for a card or a panel, `page` for a whole screen. */
  size?: 'inline' | 'page' | undefined;
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ icon: Icon, title, description, action, size = 'inline' }: EmptyStateProps) {
  const page = size === 'page';
  return (
    <div
      className={`flex flex-col items-center justify-center gap-3 px-6 text-center ${page ? 'h-full min-h-80 py-16' : 'py-10'}`}
    >
      <span className="flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-ink-3">
        <Icon size={18} aria-hidden />
      </span>
      <div className="max-w-md">
        <p className={page ? 'text-md font-semibold' : 'text-sm font-semibold'}>{title}</p>
        {description !== undefined && <p className="mt-1 text-sm text-balance text-ink-2">{description}</p>}
      </div>
      {action}
    </div>
  );
}
