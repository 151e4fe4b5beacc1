import type { ReactNode } from 'react';
import type { Incident } from '@shared/contract/alerts';
import type { AlertKind } from '@shared/domain/alert-rules';
import { isAdsappQueue, QueueName } from '@shared/domain/queues';
import { ButtonLink } from '@renderer/ui';
import { useAlertsText } from './texts';

type Advice = 'failures' | 'backlog' | 'no-workers' | 'engine-down' | 'memory' | 'campaign-stopped';

const adviceOf: Readonly<Record<AlertKind, Advice>> = {
  failures: 'failures',
  'failure-share': 'failures',
  'failed-count': 'failures',
  backlog: 'backlog',
  'oldest-waiting': 'backlog',
  'no-workers': 'no-workers',
  'engine-down': 'engine-down',
  memory: 'memory',
  'memory-size': 'memory',
  'campaign-stopped': 'campaign-stopped',
};

/** What can be done about an incident, with the way to the place where it is done. */
export function Remedies({ incident }: { incident: Incident }): ReactNode {
  const t = useAlertsText();
  const advice = adviceOf[incident.kind];
  const words = advice === 'no-workers' && isOfOthers(incident) ? 'no-workers-of-others' : advice;
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="text-sm text-ink-2">{t(`panel.advice.${words}`)}</p>
      <div className="flex flex-wrap gap-2">
        <Ways incident={incident} advice={advice} />
      </div>
    </div>
  );
}

/** No worker of ours takes the jobs of another program's queue. */
const isOfOthers = ({ subject }: Incident): boolean =>
  subject.type === 'queue' && !isAdsappQueue(subject.queue);

function Ways({ incident, advice }: { incident: Incident; advice: Advice }): ReactNode {
  const { subject } = incident;
  const t = useAlertsText();
  const queue = subject.type === 'queue' ? QueueName.safeParse(subject.queue).data : undefined;
  switch (advice) {
    case 'failures':
      return (
        <ButtonLink variant="primary" to="/failures" search={{ ...(queue && { queue }) }}>
          {t('panel.links.failures')}
        </ButtonLink>
      );
    case 'backlog':
      return queue === undefined ? (
        <ButtonLink variant="primary" to="/" search={{}}>
          {t('panel.links.queues')}
        </ButtonLink>
      ) : (
        <ButtonLink variant="primary" to="/jobs" search={{ queue, state: 'waiting' }}>
          {t('panel.links.waiting')}
        </ButtonLink>
      );
    case 'no-workers':
      return (
        <>
          {!isOfOthers(incident) && (
            <ButtonLink variant="primary" to="/settings" search={{}}>
              {t('panel.links.workers')}
            </ButtonLink>
          )}
          {queue !== undefined && (
            <ButtonLink to="/jobs" search={{ queue, state: 'waiting' }}>
              {t('panel.links.waiting')}
            </ButtonLink>
          )}
        </>
      );
    case 'engine-down':
      return (
        <>
          <ButtonLink variant="primary" to="/engine" search={{}}>
            {t('panel.links.engine')}
          </ButtonLink>
          <ButtonLink to="/settings" search={{}}>
            {t('panel.links.connection')}
          </ButtonLink>
        </>
      );
    case 'memory':
      return (
        <ButtonLink variant="primary" to="/engine" search={{}}>
          {t('panel.links.engine')}
        </ButtonLink>
      );
    case 'campaign-stopped':
      return (
        subject.type === 'campaign' && (
          <ButtonLink
            variant="primary"
            to={subject.channel === 'email' ? '/emails' : '/campaigns'}
            search={{ id: subject.id }}
          >
            {t('panel.links.campaign')}
          </ButtonLink>
        )
      );
  }
}
