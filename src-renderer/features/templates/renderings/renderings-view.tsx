import { FileText } from 'lucide-react';
import type { TemplateRun } from '@shared/contract/template-runs';
import type { Template } from '@shared/contract/templates';
import type { TemplateRunId } from '@shared/domain/ids';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, cx, EmptyState, ErrorState, RelativeTime, SkeletonLines } from '@renderer/ui';
import { useTemplatesText } from '../texts';
import { useRuns } from './queries';
import { RunCard } from './run-card';
import { StartRun } from './start-run';
import { runTones } from './tones';

interface RenderingsViewProps {
  readonly template: Template;
  /** The one that the address names; the newest where it names none. */
  readonly runId: TemplateRunId | undefined;
  readonly onRun: (runId: TemplateRunId | undefined) => void;
}

/** The template rendered for whole audiences, to be looked through before anything is sent. */
export function RenderingsView({ template, runId, onRun }: RenderingsViewProps) {
  const t = useTemplatesText();
  const { data, error, refetch } = useRuns(template.id);
  const runs = data?.runs ?? [];
  const open = runs.find(({ id }) => id === runId) ?? runs[0];
  return (
    <div className="flex min-w-0 flex-col gap-5 pt-4">
      <StartRun template={template} onStarted={onRun} />
      {error ? (
        <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonLines lines={5} />
      ) : open === undefined ? (
        <EmptyState icon={FileText} title={t('noRuns')} description={t('noRunsHint')} />
      ) : (
        <>
          {runs.length > 1 && <RunChooser runs={runs} openId={open.id} onOpen={onRun} />}
          <RunCard key={open.id} run={open} onRemoved={() => onRun(undefined)} />
        </>
      )}
    </div>
  );
}

interface RunChooserProps {
  readonly runs: readonly TemplateRun[];
  readonly openId: TemplateRunId;
  readonly onOpen: (runId: TemplateRunId) => void;
}

function RunChooser({ runs, openId, onOpen }: RunChooserProps) {
  const t = useTemplatesText();
  const format = useFormat();
  return (
    <ol
      aria-label={t('runs')}
      className="flex max-h-36 flex-col overflow-y-auto rounded-md border border-line"
    >
      {runs.map((run) => (
        <li key={run.id} className="border-b border-line last:border-b-0">
          <button
            type="button"
            aria-current={run.id === openId || undefined}
            onClick={() => onOpen(run.id)}
            className={cx(
              'flex w-full items-center gap-3 px-3 py-1.5 text-left text-xs -outline-offset-2 hover:bg-hover',
              run.id === openId && 'bg-selected',
            )}
          >
            <span className="w-24 font-medium">{t('version', { version: run.version })}</span>
            <span className="tabular w-36">
              {t('recipients', { count: run.contacts, number: format.number(run.contacts) })}
            </span>
            <Badge tone={runTones[run.state]}>{t(`run.${run.state}`)}</Badge>
            <span className="tabular flex-1 text-ink-2">
              {run.withProblems > 0 &&
                t('withProblems', { count: run.withProblems, number: format.number(run.withProblems) })}
            </span>
            <span className="text-ink-3">
              <RelativeTime at={Date.parse(run.createdAt)} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
