import type { ReactNode } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Page, Segmented } from '@renderer/ui';
import { AuditLog } from './audit-log';
import { JobHistory } from './job-history';
import { Statistics } from './statistics';
import { useActivityText } from './texts';

/** Job history, statistics and the audit log. */
export function ActivityPage(): ReactNode {
  const t = useActivityText();
  const { tab, status } = useSearch({ from: '/activity' });
  const navigate = useNavigate({ from: '/activity' });
  return (
    <Page
      title={t('title')}
      hint={t('hint')}
      layout={tab === 'stats' ? 'scroll' : 'fill'}
      toolbar={
        <Segmented
          label={t('title')}
          value={tab}
          onValueChange={(next) => void navigate({ search: { tab: next } })}
          options={[
            { value: 'jobs', label: t('tabs.jobs') },
            { value: 'stats', label: t('tabs.stats') },
            { value: 'audit', label: t('tabs.audit') },
          ]}
        />
      }
    >
      {tab === 'jobs' && (
        <JobHistory status={status} onStatus={(next) => void navigate({ search: { tab, status: next } })} />
      )}
      {tab === 'stats' && <Statistics />}
      {tab === 'audit' && <AuditLog />}
    </Page>
  );
}
export { ActivityPage as Page };
