import { Segmented, Select, TextField } from '@renderer/ui';
import { titleOf } from './job-type';
import { dayOf, daysOf } from './range';
import { type ActivitySearch, type RangeName, rangeNames } from './search';
import { useActivityText } from './texts';

interface ToolbarProps {
  readonly search: ActivitySearch;
  readonly now: number;
  /** Types that there are in the range. */
  readonly types: readonly string[];
  readonly onSearch: (change: Partial<ActivitySearch>) => void;
}

const ANY = '\u0000any';

/** Which days, and which type of job. */
export function AnalyticsToolbar({ search, now, types, onSearch }: ToolbarProps) {
  const t = useActivityText();
  const { range = 'month', type } = search;
  const days = daysOf(search, now);
  const choose = (next: RangeName): void =>
    onSearch({ range: next, ...(next === 'custom' ? days : { from: undefined, to: undefined }) });
  const known = type === undefined || types.includes(type) ? types : [...types, type];
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Segmented<RangeName>
        label={t('range')}
        value={range}
        options={rangeNames.map((value) => ({ value, label: t(`ranges.${value}`) }))}
        onValueChange={choose}
      />
      {range === 'custom' &&
        (['from', 'to'] as const).map((end) => (
          <TextField
            key={end}
            label={t(end)}
            type="date"
            max={dayOf(now)}
            value={days[end]}
            onChange={({ target }) => {
              if (target.value !== '') onSearch({ range: 'custom', ...days, [end]: target.value });
            }}
          />
        ))}
      <div className="w-52">
        <Select
          label={t('type')}
          labelHidden
          value={type ?? ANY}
          onValueChange={(next) => onSearch({ type: next === ANY ? undefined : next })}
          options={[
            { value: ANY, label: t('anyType') },
            ...known.map((value) => ({ value, label: titleOf(value) })),
          ]}
        />
      </div>
      <span className="pb-1.5 text-xs text-ink-3">{t('utc')}</span>
    </div>
  );
}
