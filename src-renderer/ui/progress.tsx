import { Progress as BaseProgress } from '@base-ui/react/progress';
import type { ReactNode } from 'react';
import { useFormat } from '@renderer/i18n/use-format';
import { cx } from './cx';
import { useUiText } from './texts';
import { solidTone, type Tone } from './tone';

export interface ProgressProps {
  label: string;
  labelHidden?: boolean | undefined;
  done: number;
  /** Null where it is not known yet. */
  total: number | null;
  /** Measured, per second; shown with the time left that follows from it. */
  perSecond?: number | null | undefined;
  /** Ms that are left where more is known than the rate says; null: nothing can be said. */
  leftMs?: number | null | undefined;
  tone?: Tone | undefined;
  size?: 'sm' | 'md' | undefined;
}

/** Milliseconds left at the measured rate; null where nothing can be said. */
export function timeLeft(
  done: number,
  total: number | null,
  perSecond: number | null | undefined,
): number | null {
  if (total === null || perSecond === null || perSecond === undefined || perSecond <= 0 || done >= total)
    return null;
  return ((total - done) / perSecond) * 1_000;
}

/** How far long work is, how fast it goes and when it ends. */
export function Progress({
  label,
  labelHidden = false,
  done,
  total,
  perSecond,
  leftMs,
  tone = 'accent',
  size = 'md',
}: ProgressProps) {
  const t = useUiText();
  const format = useFormat();
  const ratio = total === null || total === 0 ? null : Math.min(1, done / total);
  const left = leftMs === undefined ? timeLeft(done, total, perSecond) : leftMs;
  const amount =
    total === null
      ? format.number(done)
      : t('progress.of', { done: format.number(done), total: format.number(total) });
  return (
    <BaseProgress.Root
      value={ratio === null ? null : ratio * 100}
      aria-valuetext={ratio === null ? t('progress.unknown') : `${amount}, ${format.percent(ratio, 0)}`}
      className="flex min-w-0 flex-col gap-1.5"
    >
      <div className="flex items-baseline gap-2 text-xs">
        <BaseProgress.Label
          className={labelHidden ? 'sr-only' : 'min-w-0 flex-1 truncate font-medium text-ink'}
        >
          {label}
        </BaseProgress.Label>
        {size === 'md' && (
          <>
            <span className="tabular text-ink-2">{amount}</span>
            {ratio !== null && (
              <span className="tabular w-10 text-right font-medium text-ink">{format.percent(ratio, 0)}</span>
            )}
          </>
        )}
      </div>
      <BaseProgress.Track
        className={cx('overflow-hidden rounded-full bg-pressed', size === 'md' ? 'h-1.5' : 'h-1')}
      >
        {ratio === null ? (
          <div className={cx('h-full w-1/3 animate-slide rounded-full', solidTone[tone])} />
        ) : (
          <BaseProgress.Indicator
            className={cx('h-full rounded-full transition-[width] duration-300', solidTone[tone])}
          />
        )}
      </BaseProgress.Track>
      {size === 'md' && perSecond !== undefined && perSecond !== null && (
        <div className="tabular flex gap-2 text-xs text-ink-3">
          <span>{format.rate(perSecond)}</span>
          {left !== null && <span>· {t('progress.eta', { time: format.duration(left) })}</span>}
          {total !== null && done >= total && <span>· {t('progress.done')}</span>}
        </div>
      )}
    </BaseProgress.Root>
  );
}

export interface Part {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly tone: Tone;
}

/** A whole in its parts, as one bar with a legend in words and numbers: delivery states of a campaign. */
export function PartsBar({ label, parts }: { label: ReactNode; parts: readonly Part[] }) {
  const format = useFormat();
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  const shown = parts.filter((part) => part.value > 0);
  return (
    <figure className="flex min-w-0 flex-col gap-2">
      <figcaption className="text-xs font-medium">{label}</figcaption>
      <div className="flex h-2 gap-px overflow-hidden rounded-full bg-pressed" aria-hidden>
        {shown.map((part) => (
          <div key={part.id} className={solidTone[part.tone]} style={{ flexGrow: part.value, minWidth: 3 }} />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
        {shown.map((part) => (
          <li key={part.id} className="flex items-center gap-1.5">
            <span className={cx('size-2 rounded-xs', solidTone[part.tone])} aria-hidden />
            {part.label}
            <span className="tabular font-medium text-ink">{format.number(part.value)}</span>
            <span className="tabular text-ink-3">{format.percent(part.value / total)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
