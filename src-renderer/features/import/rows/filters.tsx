import type { ReactNode } from 'react';
import type { ImportPreview, RowFilter } from '@shared/contract/imports';
import { useFormat } from '@renderer/i18n/use-format';
import { cx, type Tone } from '@renderer/ui';
import { useRowsText } from './texts';

type Show = RowFilter['show'];

interface FiltersProps {
  readonly preview: ImportPreview | undefined;
  /** It was made before the last change of the settings. */
  readonly stale: boolean;
  readonly filter: RowFilter;
  readonly onChange: (filter: RowFilter) => void;
  /** What is said until the rows are judged. */
  readonly children: ReactNode;
}

/** Always there: what becomes of the rows. */
const FATES = ['create', 'update', 'skip', 'reject'] as const;
/** There where there is something to see. */
const OTHERS = ['exclude', 'duplicates', 'existing', 'repaired', 'corrected'] as const;

/** Chooses which rows are shown: by what becomes of them or by a reason. */
export function Filters({ preview, stale, filter, onChange, children }: FiltersProps) {
  const t = useRowsText();
  const counts = countsOf(preview);
  const others = OTHERS.filter((show) => (counts?.[show] ?? 0) > 0 || filter.show === show);
  // Doubles have a filter of their own.
  const reasons = preview?.byReason.filter(({ code }) => code !== 'duplicate-in-file') ?? [];
  return (
    <div className={cx('flex flex-col gap-2 px-4 py-3', staleness(stale))}>
      <div className="flex flex-wrap items-center gap-1.5" role="group" aria-label={t('show')}>
        {(['all', ...FATES, ...others] as const).map((show) => (
          <Chip
            key={show}
            label={t(`filter.${show}`)}
            count={counts?.[show]}
            pressed={filter.show === show && filter.reason === undefined}
            // What becomes of the rows is known only when all of them are judged.
            disabled={preview === undefined && show !== 'all'}
            tone={show === 'reject' && (counts?.reject ?? 0) > 0 ? 'danger' : 'neutral'}
            onPress={() => onChange(withoutReason(filter, show))}
          />
        ))}
      </div>
      {reasons.length === 0 ? (
        // As high as a line of reasons: the rows below stay where they are.
        <div className="min-h-7 text-xs text-ink-3">
          {preview === undefined ? children : preview.fates.reject === 0 && t('noneRejected')}
        </div>
      ) : (
        <div className="flex min-h-7 flex-wrap gap-1.5" role="group" aria-label={t('reasons')}>
          {reasons.map(({ code, message, rows }) => (
            <Chip
              key={code}
              label={rows === 1 ? message : inGeneral(code, message, t)}
              title={t('example', { message })}
              count={rows}
              pressed={filter.reason === code}
              disabled={false}
              tone="warning"
              onPress={() =>
                onChange(
                  filter.reason === code
                    ? withoutReason(filter, 'all')
                    : { ...filter, show: 'all', reason: code },
                )
              }
            />
          ))}
        </div>
      )}
    </div>
  );
}

/** Ends of codes whose words name the value of one row, the longer ones first; each has a name for all such rows. */
const NAMED = [
  ...(['phone-country-unknown', 'country-unknown', 'country-code-invalid', 'missing'] as const),
  ...(['digits-lost', 'not-a-phone', 'several-numbers', 'too-short', 'too-long', 'invalid'] as const),
  ...(['no-at', 'several-ats', 'space', 'two-dots', 'no-domain-ending', 'bad-character'] as const),
  ...(['several-addresses', 'not-yes-no', 'spreadsheet-error'] as const),
] as const;

/** What several rows have in common: the words of the first one would say that all of them had its value. */
function inGeneral(code: string, message: string, t: ReturnType<typeof useRowsText>): string {
  const named = NAMED.find((each) => `-${code}`.endsWith(`-${each}`));
  return named === undefined ? message : t(`because.${named}`);
}

/** Numbers that stood before a change fade where the new ones take a while; at once they would only flicker. */
export const staleness = (stale: boolean): string =>
  cx('transition-opacity', stale && 'opacity-50 delay-300');

const withoutReason = ({ search }: RowFilter, show: Show): RowFilter =>
  search === undefined ? { show } : { show, search };

/** Nothing while the rows are not judged yet: a nought would say that there are none. */
function countsOf(preview: ImportPreview | undefined): Readonly<Record<Show, number>> | undefined {
  if (preview === undefined) return undefined;
  const { fates, read, duplicates, existing, repaired, corrected } = preview;
  return { ...fates, all: read + fates.exclude, duplicates, existing, repaired, corrected };
}

interface ChipProps {
  readonly label: string;
  /** More than the label says, for whoever points at it. */
  readonly title?: string;
  readonly count: number | undefined;
  readonly pressed: boolean;
  readonly disabled: boolean;
  readonly tone: Extract<Tone, 'neutral' | 'warning' | 'danger'>;
  readonly onPress: () => void;
}

const tones = { neutral: 'text-ink', warning: 'text-warning-text', danger: 'text-danger-text' } as const;

function Chip({ label, title = label, count, pressed, disabled, tone, onPress }: ChipProps) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onPress}
      className={cx(
        'inline-flex h-6.5 max-w-md items-center gap-1.5 rounded-full border px-2.5 text-xs',
        pressed ? 'border-accent bg-accent-soft' : 'border-line bg-surface not-disabled:hover:bg-hover',
        'disabled:cursor-not-allowed disabled:text-ink-disabled',
        tones[tone],
      )}
    >
      <span className="truncate" title={title}>
        {label}
      </span>{' '}
      {count !== undefined && <span className="tabular font-medium">{format.number(count)}</span>}
    </button>
  );
}
