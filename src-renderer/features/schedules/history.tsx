import { Fragment } from 'react';
import type { ScheduleRun, StepRun } from '@shared/contract/schedules';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, Card, Duration, ErrorState, Link, Notice, SkeletonLines, type Tone } from '@renderer/ui';
import { useRuns } from './queries';
import { useSchedulesText } from './texts';
import { timeIn } from './times';

const tones: Readonly<Record<ScheduleRun['state'], Tone>> = {
  due: 'info',
  overdue: 'warning',
  running: 'accent',
  succeeded: 'success',
  failed: 'danger',
  skipped: 'neutral',
};

/** What came of each due time, the latest first. */
export function History({ scheduleId, timeZone }: { scheduleId: string; timeZone: string }) {
  const t = useSchedulesText();
  const { data, error, refetch } = useRuns(scheduleId);
  return (
    <Card title={t('history')} padding="none">
      {error ? (
        <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <div className="p-4">
          <SkeletonLines lines={3} />
        </div>
      ) : data.runs.length === 0 ? (
        <p className="p-4 text-sm text-ink-2">{t('historyNone')}</p>
      ) : (
        <>
          <Unreadable runs={data.runs} />
          <Table runs={data.runs} timeZone={timeZone} />
        </>
      )}
    </Card>
  );
}

function Unreadable({ runs }: { runs: readonly ScheduleRun[] }) {
  const t = useSchedulesText();
  const format = useFormat();
  const count = runs.filter(({ unreadable }) => unreadable !== null).length;
  if (count === 0) return null;
  return (
    <div className="p-4 pt-3">
      <Notice tone="warning" title={t('unreadable.runs', { count, amount: format.number(count) })}>
        {t('unreadable.runsHint', { count })}
      </Notice>
    </div>
  );
}

function Table({ runs, timeZone }: { runs: readonly ScheduleRun[]; timeZone: string }) {
  const t = useSchedulesText();
  const format = useFormat();
  return (
    <table className="w-full text-left text-sm">
      <thead>
        <tr className="text-xs text-ink-2">
          <th className="px-4 py-2 font-medium">{t('due')}</th>
          <th className="px-2 py-2 font-medium">{t('outcome')}</th>
          <th className="px-2 py-2 text-right font-medium">{t('late')}</th>
          <th className="px-4 py-2 font-medium">{t('steps')}</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Fragment key={run.id}>
            <tr className="border-t border-line align-top">
              <td className="px-4 py-2">
                <span className="tabular whitespace-nowrap">
                  {timeIn(run.dueAt, timeZone, format.locale)}
                </span>
                <span className="block text-xs text-ink-2">
                  {t(`cause.${run.cause}`)}
                  {run.missed > 0 && ` · ${t('missed', { count: run.missed })}`}
                </span>
              </td>
              <td className="px-2 py-2">
                <Badge tone={tones[run.state]}>{t(`runState.${run.state}`)}</Badge>
              </td>
              <td className="px-2 py-2 text-right">{run.lateMs !== null && <Duration ms={run.lateMs} />}</td>
              <td className="px-4 py-2">
                {run.unreadable !== null && (
                  <span className="block text-xs text-ink-2">
                    {t('unreadable.steps')} <code className="wrap-anywhere">{run.unreadable}</code>
                  </span>
                )}
                <ol className="flex flex-col gap-0.5">
                  {run.steps.map((step, index) => (
                    <li key={index} className="flex flex-wrap gap-x-2">
                      <span className="whitespace-nowrap text-ink-2">
                        {t(`stepState.${step.state}`, { n: index + 1 })}
                      </span>
                      <StepLink step={step} />
                    </li>
                  ))}
                </ol>
              </td>
            </tr>
            {run.problem !== null && (
              <tr>
                <td colSpan={4} className="px-4 pb-2 text-xs text-ink-2">
                  {run.problem}
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function StepLink({ step: { campaignId, jobId, queue, step } }: { step: StepRun }) {
  const t = useSchedulesText();
  if (campaignId !== null) {
    const to = step.kind === 'campaign' && step.message.channel === 'email' ? '/emails' : '/campaigns';
    return (
      <Link to={to} search={{ id: campaignId }}>
        {t('openCampaign')}
      </Link>
    );
  }
  if (jobId === null || queue === null) return null;
  return (
    <Link to="/jobs" search={{ queue, job: jobId }}>
      {t('openJob')}
    </Link>
  );
}
