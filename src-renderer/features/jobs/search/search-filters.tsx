import { SlidersHorizontal, X } from 'lucide-react';
import { useState } from 'react';
import type { SearchFilter } from '@shared/contract/searches';
import { formatJobQuery } from '@shared/domain/job-query';
import { queryTerms } from '@shared/domain/query-terms';
import { jobStates, queueTitle } from '@shared/domain/queues';
import { useFormat } from '@renderer/i18n/use-format';
import { useQueueNames } from '@renderer/platform/live-overview';
import { Button, Checkbox, MultiCombobox, NumberField, Popover, Select, TextField } from '@renderer/ui';
import { useJobsText } from '../texts';
import { useSearchText } from './texts';

interface SearchFiltersProps {
  filter: SearchFilter;
  onQuery: (query: string) => void;
}

/** More queues than these are chosen from a list. */
const MOST_BOXES = 8;
const WITHIN_MS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 } as const;
const WITHIN = ['any', 'hour', 'day', 'week', 'own'] as const;

/** The same filter by choices, for those who do not want to type it. */
export function SearchFilters({ filter, onQuery }: SearchFiltersProps) {
  const t = useSearchText();
  return (
    <Popover
      title={t('filters')}
      align="end"
      trigger={<Button icon={SlidersHorizontal}>{t('filters')}</Button>}
    >
      <FilterForm key={JSON.stringify(filter)} filter={filter} onQuery={onQuery} />
    </Popover>
  );
}

function FilterForm({ filter, onQuery }: SearchFiltersProps) {
  const t = useSearchText();
  const jobs = useJobsText();
  const format = useFormat();
  const queues = useQueueNames();
  const [error, setError] = useState(filter.error ?? '');
  const [path, setPath] = useState(filter.paths?.[0]?.path ?? '');
  const [pattern, setPattern] = useState(filter.paths?.[0]?.pattern ?? '');
  const change = (part: Partial<SearchFilter>): void =>
    onQuery(formatJobQuery({ ...filter, ...part }, format));

  return (
    <form
      className="flex w-88 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const others = filter.paths?.slice(1) ?? [];
        const paths = path.trim() === '' ? others : [{ path: path.trim(), pattern }, ...others];
        change({
          error: error.trim() === '' ? undefined : error.trim(),
          paths: paths.length === 0 ? undefined : paths,
        });
      }}
    >
      <div className="grid grid-cols-2 gap-x-4 gap-y-1.5">
        <Choices
          title={jobs('states')}
          all={jobStates}
          label={(state) => jobs(`state.${state}`)}
          chosen={filter.states}
          onChange={(states) => change({ states })}
        />
        {queues.length <= MOST_BOXES && (
          <Choices
            title={jobs('queue')}
            all={queues}
            label={queueTitle}
            chosen={queues.filter((name) => filter.queues?.includes(name))}
            onChange={(chosen) => change({ queues: chosen })}
          />
        )}
      </div>
      {queues.length > MOST_BOXES && (
        <MultiCombobox
          label={jobs('queue')}
          placeholder={t('allQueues')}
          value={filter.queues ?? []}
          options={queues.map((name) => ({ value: name, label: queueTitle(name) }))}
          onValueChange={(chosen) => change({ queues: chosen.length === 0 ? undefined : chosen })}
        />
      )}
      <div className="grid grid-cols-2 gap-4">
        <Select
          label={t('added')}
          value={filter.addedAt === undefined ? 'any' : 'own'}
          options={WITHIN.filter((each) => each !== 'own' || filter.addedAt !== undefined).map((value) => ({
            value,
            label: t(`within.${value}`),
          }))}
          onValueChange={(within) => {
            if (within === 'own') return;
            change({
              addedAt:
                within === 'any'
                  ? undefined
                  : { from: new Date(Date.now() - WITHIN_MS[within]).toISOString() },
            });
          }}
        />
        <NumberField
          label={t('attempts')}
          min={0}
          max={1_000}
          value={filter.attempts?.min ?? null}
          onValueCommitted={(min) =>
            change({ attempts: min === null || min === 0 ? undefined : { ...filter.attempts, min } })
          }
        />
      </div>
      <TextField label={t('error')} value={error} onChange={(event) => setError(event.target.value)} />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label={t('path')}
          mono
          placeholder="data.contacts[].phone"
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
        <TextField
          label={t('isLike')}
          mono
          placeholder="+966*"
          value={pattern}
          onChange={(event) => setPattern(event.target.value)}
        />
      </div>
      <div className="flex justify-end">
        <Button type="submit" variant="primary">
          {t('apply')}
        </Button>
      </div>
    </form>
  );
}

interface ChoicesProps<V extends string> {
  title: string;
  all: readonly V[];
  label: (value: V) => string;
  chosen: readonly V[] | undefined;
  /** Undefined where none is chosen: all of them. */
  onChange: (chosen: V[] | undefined) => void;
}

function Choices<V extends string>({ title, all, label, chosen = [], onChange }: ChoicesProps<V>) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-xs font-medium text-ink-2">{title}</legend>
      {all.map((value) => (
        <Checkbox
          key={value}
          label={label(value)}
          checked={chosen.includes(value)}
          onCheckedChange={(on) => {
            const next = all.filter((each) => (each === value ? on : chosen.includes(each)));
            onChange(next.length === 0 ? undefined : next);
          }}
        />
      ))}
    </fieldset>
  );
}

/** Each part of the line as a chip that can be taken out. */
export function SearchChips({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const t = useSearchText();
  const read = queryTerms(query);
  if (!read.ok || read.terms.length === 0) return null;
  return (
    <ul aria-label={t('chips')} className="flex min-w-0 flex-wrap items-center gap-1.5">
      {read.terms.map(({ from, to }) => {
        const text = query.slice(from, to);
        return (
          <li
            key={from}
            className="flex h-6 max-w-80 items-center rounded-full border border-line bg-sunken pl-2.5 text-xs"
          >
            <span className="truncate font-mono">{text}</span>
            <button
              type="button"
              aria-label={t('without', { text })}
              className="ml-0.5 flex size-6 items-center justify-center rounded-full text-ink-3 hover:text-ink"
              onClick={() => onQuery(`${query.slice(0, from)}${query.slice(to)}`.replace(/\s+/g, ' ').trim())}
            >
              <X size={12} aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
