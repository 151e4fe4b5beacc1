import {
  Ban,
  CalendarClock,
  Check,
  CheckCheck,
  CircleAlert,
  CircleDashed,
  CircleHelp,
  CircleX,
  Clock3,
  GitFork,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Pause,
  PencilLine,
  RotateCw,
  Send,
  SkipForward,
} from 'lucide-react';
import type { DELIVERY_AND_JOB_STATES } from './states';
import { cx } from './cx';
import { useUiText } from './texts';
import { softTone, textTone, type Tone } from './tone';

export type StateName = (typeof DELIVERY_AND_JOB_STATES)[number];

interface Look {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly moving?: boolean;
}

const looks: Readonly<Record<StateName, Look>> = {
  waiting: { tone: 'neutral', icon: CircleDashed },
  active: { tone: 'accent', icon: LoaderCircle, moving: true },
  delayed: { tone: 'info', icon: Clock3 },
  'waiting-children': { tone: 'info', icon: GitFork },
  completed: { tone: 'success', icon: Check },
  failed: { tone: 'danger', icon: CircleX },
  paused: { tone: 'warning', icon: Pause },
  pending: { tone: 'neutral', icon: CircleDashed },
  sending: { tone: 'accent', icon: Send },
  accepted: { tone: 'info', icon: Check },
  sent: { tone: 'info', icon: Check },
  delivered: { tone: 'success', icon: CheckCheck },
  read: { tone: 'success', icon: CheckCheck },
  retry_wait: { tone: 'warning', icon: RotateCw },
  unknown: { tone: 'warning', icon: CircleHelp },
  skipped: { tone: 'neutral', icon: SkipForward },
  cancelled: { tone: 'neutral', icon: Ban },
  draft: { tone: 'neutral', icon: PencilLine },
  scheduled: { tone: 'info', icon: CalendarClock },
  running: { tone: 'accent', icon: Hourglass },
  partial_success: { tone: 'warning', icon: CircleAlert },
  partial_failure: { tone: 'danger', icon: CircleAlert },
};

interface StateBadgeProps {
  state: StateName;
  /** `plain` drops the fill and the movement: for dense tables. */
  look?: 'soft' | 'plain' | undefined;
}

/** The state of a job, a delivery or a campaign: its own icon, its word, then colour. */
export function StateBadge({ state, look = 'soft' }: StateBadgeProps) {
  const t = useUiText();
  const { tone, icon: Icon, moving } = looks[state];
  return (
    <span
      data-state={state}
      className={cx(
        'inline-flex h-5 items-center gap-1 align-top font-medium whitespace-nowrap',
        look === 'soft'
          ? cx('rounded-sm border px-1.5 text-2xs', softTone[tone])
          : cx('gap-1.5 text-xs', textTone[tone]),
      )}
    >
      <Icon
        size={look === 'soft' ? 12 : 13}
        strokeWidth={2.4}
        className={cx('shrink-0', moving === true && look === 'soft' && 'animate-spin')}
        aria-hidden
      />
      {t(`state.${state}`)}
    </span>
  );
}
