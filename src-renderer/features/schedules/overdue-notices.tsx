import type { HeldCampaign, ScheduleRun } from '@shared/contract/schedules';
import { client } from '@renderer/platform/client';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Notice, showToast } from '@renderer/ui';
import { useAct, useOverdue } from './queries';
import { useSchedulesText } from './texts';

/** What was due while nothing was running: run it now, or leave it out. */
export function OverdueNotices() {
  const { data } = useOverdue();
  return (
    <>
      {data?.runs.map((run) => (
        <OverdueRun key={run.id} run={run} />
      ))}
      {data?.campaigns.map((campaign) => (
        <Held key={campaign.id} campaign={campaign} />
      ))}
    </>
  );
}

function OverdueRun({ run }: { run: ScheduleRun }) {
  const t = useSchedulesText();
  const format = useFormat();
  const { busy, run: act } = useAct();
  const name = run.scheduleName;
  const decide = async (answer: 'run' | 'skip'): Promise<void> => {
    if (!(await act(() => client.schedules.decide({ runId: run.id, answer })))) return;
    const title = answer === 'run' ? t('overdue.went', { name }) : t('overdue.skipped', { name });
    showToast({ title, tone: 'success' });
  };
  return (
    <Notice
      tone="warning"
      title={t('overdue.run', { name, time: format.dateTime(Date.parse(run.dueAt)) })}
      actions={
        <>
          {run.unreadable === null && (
            <Button size="sm" busy={busy} onClick={() => void decide('run')}>
              {t('overdue.go')}
            </Button>
          )}
          <Button size="sm" busy={busy} onClick={() => void decide('skip')}>
            {t('overdue.skip')}
          </Button>
        </>
      }
    >
      {run.missed > 0 && `${t('overdue.missed', { count: run.missed })} `}
      {run.unreadable !== null && (
        <>
          {t('unreadable.overdue')} <code className="wrap-anywhere">{run.unreadable}</code>
        </>
      )}
    </Notice>
  );
}

function Held({ campaign }: { campaign: HeldCampaign }) {
  const t = useSchedulesText();
  const format = useFormat();
  const { busy, run } = useAct();
  const { id: campaignId, name } = campaign;
  return (
    <Notice
      tone="warning"
      title={t('overdue.campaign', { name, time: format.dateTime(Date.parse(campaign.scheduledAt)) })}
      actions={
        <>
          <Button
            size="sm"
            busy={busy}
            onClick={() => void run(() => client.campaigns.resume({ campaignId }))}
          >
            {t('overdue.send')}
          </Button>
          <Button
            size="sm"
            busy={busy}
            onClick={() => void run(() => client.campaigns.cancel({ campaignId }))}
          >
            {t('overdue.cancel')}
          </Button>
        </>
      }
    />
  );
}
