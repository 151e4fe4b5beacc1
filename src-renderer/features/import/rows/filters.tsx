import type { ImportPreview, RowFilter } from '@shared/contract/imports';
import { useFormat } from '@renderer/i18n/use-format';
import { cx, type Tone } from '@renderer/ui';
import { useRowsText } from './texts';

type Show = RowFilter['show'];

interface FiltersProps {
  readonly preview: ImportPreview | undefined;
  readonly filter: RowFilter;
  readonly onChange: (filter: RowFilter) => void;
}

/** Always there: what becomes of the rows. */
const FATES = ['create', 'update', 'skip', 'reject'] as const;
/** There where there is something to see. */
const OTHERS = ['exclude', 'duplicates', 'existing', 'repaired', 'corrected'] as const;

/** Chooses which rows are shown: by what becomes of them or by a reason. */
export function Filters({ preview, filter, onChange }: FiltersProps) {
  const t = useRowsText();
  const counts = countsOf(preview);
  const others = OTHERS.filter((show) => (counts?.[show] ?? 0) > 0 || filter.show === show);
  // Doubles have a filter of their own.
  const reasons = preview?.byReason.filter(({ code }) => code !== 'duplicate-in-file') ?? [];
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-1.5" role="group" aria-label={t('show')}>
        {(['all', ...FATES, ...others] as const).map((show) => (
          <Chip
            key={show}
            label={t(`filter.${show}`)}
            count={counts?.[show]}
            pressed={filter.show === show && filter.reason === undefined}
            tone={show === 'reject' && (counts?.reject ?? 0) > 0 ? 'danger' : 'neutral'}
            onPress={() => onChange(withoutReason(filter, show))}
          />
        ))}
      </div>
      {reasons.length > 0 && (
        <div className="flex flex-wrap gap-1.5" role="group" aria-label={t('reasons')}>
          {reasons.map(({ code, message, rows }) => (
            <Chip
              key={code}
              label={message}
              count={rows}
              pressed={filter.reason === code}
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
  readonly count: number | undefined;
  readonly pressed: boolean;
  readonly tone: Extract<Tone, 'neutral' | 'warning' | 'danger'>;
  readonly onPress: () => void;
}

const tones = { neutral: 'text-ink', warning: 'text-warning-text', danger: 'text-danger-text' } as const;

function Chip({ label, count, pressed, tone, onPress }: ChipProps) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cx(
        'inline-flex h-6.5 max-w-md items-center gap-1.5 rounded-full border px-2.5 text-xs',
        pressed ? 'border-accent bg-accent-soft' : 'border-line bg-surface hover:bg-hover',
        tones[tone],
      )}
    >
      <span className="truncate" title={label}>
        {label}
      </span>{' '}
      {count !== undefined && <span className="tabular font-medium">{format.number(count)}</span>}
    </button>
  );
}
