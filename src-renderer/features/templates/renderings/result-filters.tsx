import { Download } from 'lucide-react';
import { RunProblem, type ResultFilter, type TemplateRun } from '@shared/contract/template-runs';
import { useFormat } from '@renderer/i18n/use-format';
import { client } from '@renderer/platform/client';
import { Button, cx, SearchField } from '@renderer/ui';
import { useTemplatesText } from '../texts';
import { useRunAction } from './queries';

interface FiltersProps {
  readonly run: TemplateRun;
  readonly filter: ResultFilter;
  readonly onChange: (filter: ResultFilter) => void;
}

/** Chooses which texts are shown: by what is wrong, by the variable that lacks, by what stands in them. */
export function ResultFilters({ run, filter, onChange }: FiltersProps) {
  const t = useTemplatesText();
  const show = (part: Omit<ResultFilter, 'search'>): void =>
    onChange({ ...part, ...(filter.search !== undefined && { search: filter.search }) });
  const problems = RunProblem.options.filter((each) => run.problems[each] > 0);
  return (
    <div className="flex flex-wrap items-center gap-1.5 px-3 py-2" role="group" aria-label={t('show')}>
      <Chip
        label={t('showAll')}
        count={run.done}
        pressed={filter.problem === undefined && filter.variable === undefined}
        onPress={() => show({})}
      />
      <Chip
        label={t('problem.any')}
        count={run.withProblems}
        pressed={filter.problem === 'any'}
        onPress={() => show({ problem: 'any' })}
      />
      {problems.map((problem) => (
        <Chip
          key={problem}
          label={t(`problem.${problem}`)}
          count={run.problems[problem]}
          pressed={filter.problem === problem}
          onPress={() => show({ problem })}
        />
      ))}
      {run.missing.map(({ variable, contacts }) => (
        <Chip
          key={`without ${variable}`}
          label={t('without', { variable })}
          count={contacts}
          pressed={filter.variable === variable}
          onPress={() => show({ variable })}
        />
      ))}
      <span className="flex-1" />
      <div className="w-56">
        <SearchField
          label={t('searchResults')}
          text={filter.search ?? ''}
          onSearch={(search) => {
            const { search: _, ...rest } = filter;
            onChange(search === '' ? rest : { ...rest, search });
          }}
        />
      </div>
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly count: number;
  readonly pressed: boolean;
  readonly onPress: () => void;
}

function Chip({ label, count, pressed, onPress }: ChipProps) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cx(
        'inline-flex h-6.5 max-w-64 items-center gap-1.5 rounded-full border px-2.5 text-xs',
        pressed ? 'border-accent bg-accent-soft' : 'border-line bg-surface hover:bg-hover',
      )}
    >
      <span className="truncate" title={label}>
        {label}
      </span>{' '}
      <span className="tabular font-medium">{format.number(count)}</span>
    </button>
  );
}

/** What is shown, as a file. */
export function ExportButtons({ run, filter }: Omit<FiltersProps, 'onChange'>) {
  const t = useTemplatesText();
  const download = useRunAction(client.templateRuns.exportFile);
  const save = (format: 'xlsx' | 'csv'): void =>
    download.mutate(
      { runId: run.id, filter, format },
      {
        onSuccess: ({ url, fileName }) => {
          const link = document.createElement('a');
          link.href = url;
          link.download = fileName;
          link.click();
        },
      },
    );
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div className="flex items-center gap-1.5 border-t border-line px-3 py-2">
      <p className="flex-1 text-xs text-ink-3">{t(isFiltered ? 'exportShown' : 'exportAll')}</p>
      {(['xlsx', 'csv'] as const).map((format) => (
        <Button
          key={format}
          size="sm"
          icon={Download}
          disabled={run.done === 0}
          busy={download.isPending && download.variables.format === format}
          onClick={() => save(format)}
        >
          {t(`export.${format}`)}
        </Button>
      ))}
    </div>
  );
}
