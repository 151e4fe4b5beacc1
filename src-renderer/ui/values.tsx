import { useFormat } from '@renderer/i18n/use-format';
import { useNow } from './clock';
import { cx } from './cx';

/** `5 min. ago`, kept true as time passes; the exact time is in the tooltip. */
export function RelativeTime({ at }: { at: number | Date }) {
  const format = useFormat();
  const epoch = typeof at === 'number' ? at : at.getTime();
  const now = useNow();
  // A clock a little ahead of ours must not say "in 0 seconds".
  const reference = Math.abs(epoch - now) < 2_000 ? epoch : now;
  return (
    <time
      dateTime={new Date(epoch).toISOString()}
      title={format.dateTime(epoch)}
      className="tabular whitespace-nowrap"
    >
      {format.relative(epoch, reference)}
    </time>
  );
}

/** Date and time to the second, in the user's zone. */
export function DateTime({
  at,
  show = 'dateTime',
}: {
  at: number | Date;
  show?: 'dateTime' | 'date' | 'time';
}) {
  const format = useFormat();
  const epoch = typeof at === 'number' ? at : at.getTime();
  return (
    <time
      dateTime={new Date(epoch).toISOString()}
      title={`${format.dateTime(epoch)} (${format.timeZone})`}
      className="tabular whitespace-nowrap"
    >
      {format[show](epoch)}
    </time>
  );
}

/** A length of time, given in milliseconds. */
export function Duration({ ms }: { ms: number }) {
  return <span className="tabular whitespace-nowrap">{useFormat().duration(ms)}</span>;
}

interface NumberTextProps {
  value: number;
  digits?: number | undefined;
  /** `compact` shortens to three figures and keeps the exact number in the tooltip. */
  as?: 'plain' | 'compact' | 'percent' | 'rate' | undefined;
  /** Zero steps back so that what counts stands out. */
  quietZero?: boolean | undefined;
}

/** A number in tabular figures, written in the user's locale. */
export function NumberText({ value, digits, as = 'plain', quietZero = false }: NumberTextProps) {
  const format = useFormat();
  const text = {
    plain: () => format.number(value, digits),
    compact: () => format.compact(value),
    percent: () => format.percent(value, digits),
    rate: () => format.rate(value),
  }[as]();
  return (
    <span
      title={as === 'compact' ? format.number(value) : undefined}
      className={cx('tabular whitespace-nowrap', quietZero && value === 0 && 'text-ink-3')}
    >
      {text}
    </span>
  );
}

/** A size in bytes, as kB, MB or GB. */
export function Bytes({ value }: { value: number }) {
  const format = useFormat();
  return (
    <span title={`${format.number(value)} B`} className="tabular whitespace-nowrap">
      {format.bytes(value)}
    </span>
  );
}
