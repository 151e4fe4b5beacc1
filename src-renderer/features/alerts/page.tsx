import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AlertRule } from '@shared/contract/alerts';
import { alertKinds, severities } from '@shared/domain/alert-rules';
import { useAlertWords } from '@renderer/alerts/texts';
import { Button, Page as PageFrame, Segmented, Select } from '@renderer/ui';
import { IncidentPanel } from './incident-panel';
import { IncidentsTable } from './incidents-table';
import { RuleDialog } from './rule-dialog';
import { RulesTable } from './rules-table';
import type { AlertsSearch } from './search';
import { useAlertsText } from './texts';

const TABS = ['incidents', 'rules'] as const;
const ANY = 'any';
const STATES = ['open', 'resolved'] as const;

/** What went wrong and what is watched. */
export function Page(): ReactNode {
  const t = useAlertsText();
  const words = useAlertWords();
  const navigate = useNavigate({ from: '/alerts' });
  const search = useSearch({ from: '/alerts' });
  const { tab, id, state, severity, kind } = search;
  const [edited, setEdited] = useState<AlertRule | 'new' | null>(null);
  const set = (part: Partial<AlertsSearch>): void =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const isRules = tab === 'rules';
  return (
    <PageFrame
      title={t('title')}
      hint={t('hint')}
      layout="fill"
      actions={
        <Button icon={Plus} variant="primary" onClick={() => setEdited('new')}>
          {t('newRule')}
        </Button>
      }
      toolbar={
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Segmented
            label={t('tabs.label')}
            value={isRules ? 'rules' : 'incidents'}
            options={TABS.map((value) => ({ value, label: t(`tabs.${value}`) }))}
            onValueChange={(next) => void navigate({ search: next === 'rules' ? { tab: next } : {} })}
          />
          {!isRules && (
            <div className="flex items-center gap-2">
              <div className="w-40">
                <Select
                  label={t('filter.state')}
                  labelHidden
                  value={state ?? ANY}
                  onValueChange={(next) => set({ state: next === ANY ? undefined : next })}
                  options={[
                    { value: ANY, label: t('filter.anyState') },
                    ...STATES.map((value) => ({ value, label: t(`filter.${value}`) })),
                  ]}
                />
              </div>
              <div className="w-36">
                <Select
                  label={t('filter.severity')}
                  labelHidden
                  value={severity ?? ANY}
                  onValueChange={(next) => set({ severity: next === ANY ? undefined : next })}
                  options={[
                    { value: ANY, label: t('filter.anySeverity') },
                    ...severities.map((value) => ({ value, label: words(`severity.${value}`) })),
                  ]}
                />
              </div>
              <div className="w-48">
                <Select
                  label={t('filter.kind')}
                  labelHidden
                  value={kind ?? ANY}
                  onValueChange={(next) => set({ kind: next === ANY ? undefined : next })}
                  options={[
                    { value: ANY, label: t('filter.anyKind') },
                    ...alertKinds.map((value) => ({ value, label: words(`kind.${value}`) })),
                  ]}
                />
              </div>
            </div>
          )}
        </div>
      }
    >
      {isRules ? (
        <RulesTable onEdit={setEdited} onNew={() => setEdited('new')} />
      ) : (
        <div className="relative flex min-h-0 flex-1">
          <div className="flex min-w-0 flex-1 flex-col">
            <IncidentsTable
              filter={{ state, severity, kind }}
              openId={id}
              onOpen={(next) => set({ id: next })}
              onClear={() => set({ state: undefined, severity: undefined, kind: undefined })}
            />
          </div>
          {id !== undefined && <IncidentPanel key={id} id={id} onClose={() => set({ id: undefined })} />}
        </div>
      )}
      {edited !== null && (
        <RuleDialog rule={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} />
      )}
    </PageFrame>
  );
}
