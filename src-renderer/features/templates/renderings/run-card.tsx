import { CircleStop, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ResultFilter, TemplateRun } from '@shared/contract/template-runs';
import { useFormat } from '@renderer/i18n/use-format';
import { client } from '@renderer/platform/client';
import { Badge, Button, DateTime, Notice, Progress, Section } from '@renderer/ui';
import { useTemplatesText } from '../texts';
import { useRunAction } from './queries';
import { ExportButtons, ResultFilters } from './result-filters';
import { ResultsTable } from './results-table';
import { runTones } from './tones';

interface RunCardProps {
  readonly run: TemplateRun;
  readonly onRemoved: () => void;
}

/** One rendering: how far it is, what is wrong with whom, every text. */
export function RunCard({ run, onRemoved }: RunCardProps) {
  const t = useTemplatesText();
  const format = useFormat();
  const [filter, setFilter] = useState<ResultFilter>({});
  return (
    <Section
      title={
        <span className="flex items-center gap-2">
          {t('runTitle', {
            version: run.version,
            contacts: t('recipients', { count: run.contacts, number: format.number(run.contacts) }),
          })}
          <Badge tone={runTones[run.state]}>{t(`run.${run.state}`)}</Badge>
        </span>
      }
      hint={
        <>
          {run.createdBy ?? t('somebody')} · <DateTime at={Date.parse(run.createdAt)} />
        </>
      }
      actions={<RunActions run={run} onRemoved={onRemoved} />}
    >
      <div className="flex flex-col gap-3">
        {run.state !== 'completed' && (
          <Progress
            label={t(`progress.${run.state}`)}
            done={run.done}
            total={run.contacts}
            perSecond={run.perSecond}
          />
        )}
        {run.problem !== null && <Notice tone="danger">{run.problem}</Notice>}
        <div className="rounded-md border border-line">
          <ResultFilters run={run} filter={filter} onChange={setFilter} />
          <ResultsTable key={JSON.stringify(filter)} run={run} filter={filter} />
          <ExportButtons run={run} filter={filter} />
        </div>
      </div>
    </Section>
  );
}

function RunActions({ run, onRemoved }: RunCardProps) {
  const t = useTemplatesText();
  const cancel = useRunAction(client.templateRuns.cancel);
  const resume = useRunAction(client.templateRuns.resume);
  const remove = useRunAction(client.templateRuns.remove);
  const input = { runId: run.id };
  if (run.state === 'running')
    return (
      <Button size="sm" icon={CircleStop} busy={cancel.isPending} onClick={() => cancel.mutate(input)}>
        {t('cancelRun')}
      </Button>
    );
  return (
    <div className="flex gap-1">
      {run.state !== 'completed' && (
        <Button size="sm" icon={Play} busy={resume.isPending} onClick={() => resume.mutate(input)}>
          {t('resumeRun')}
        </Button>
      )}
      <Button
        size="sm"
        icon={Trash2}
        busy={remove.isPending}
        onClick={() => remove.mutate(input, { onSuccess: onRemoved })}
      >
        {t('removeRun')}
      </Button>
    </div>
  );
}
