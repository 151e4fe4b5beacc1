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
  const search = useSearch({ from: '/activity' });
  const { tab } = search;
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
        <JobHistory
          search={search}
          onSearch={(next) => void navigate({ search: { ...search, ...next }, replace: true })}
        />
      )}
      {tab === 'stats' && (
        <Statistics
          search={search}
          onSearch={(next) => void navigate({ search: { ...search, ...next }, replace: true })}
          onDrill={(next) => void navigate({ search: { ...search, ...next } })}
        />
      )}
      {tab === 'audit' && <AuditLog />}
    </Page>
  );
}
export { ActivityPage as Page };
