import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button';
import { cx } from './cx';
import { useUiText } from './texts';
import { softTone } from './tone';

type NoticeTone = 'info' | 'success' | 'warning' | 'danger';

const icons: Readonly<Record<NoticeTone, LucideIcon>> = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
};

export interface NoticeProps {
  tone?: NoticeTone | undefined;
  title?: ReactNode;
  /** Small buttons on the right. */
  actions?: ReactNode;
  onDismiss?: (() => void) | undefined;
  /** `banner` spans the window's width without a frame: connection lost, sandbox in use. */
  look?: 'box' | 'banner' | undefined;
  children?: ReactNode;
}

/** Something to know about what stands below it. Danger interrupts a screen reader, the rest waits. */
export function Notice({ tone = 'info', title, actions, onDismiss, look = 'box', children }: NoticeProps) {
  const t = useUiText();
  const Icon = icons[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cx(
        'flex items-start gap-2.5 px-3 py-1.5 text-sm',
        softTone[tone],
        look === 'box' ? 'rounded-md border' : 'border-b',
      )}
    >
      <Icon size={15} className="mt-1 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1 py-0.5">
        {title !== undefined && <span className="font-semibold">{title} </span>}
        {children !== undefined && <span className="text-ink-2">{children}</span>}
      </div>
      {actions !== undefined && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
      {onDismiss && <IconButton icon={X} label={t('dismiss')} size="sm" onClick={onDismiss} />}
    </div>
  );
}
