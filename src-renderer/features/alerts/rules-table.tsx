import { ListChecks, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { AlertRule } from '@shared/contract/alerts';
import { toAppError } from '@shared/errors';
import { severityLooks } from '@renderer/alerts/incident-words';
import { useAlerts } from '@renderer/alerts/live';
import { useAlertWords } from '@renderer/alerts/texts';
import { Badge, Button, EmptyState, ErrorState, IconButton, Switch } from '@renderer/ui';
import { type Column, DataTable, rowsOf, TableFrame } from '@renderer/ui/table';
import { useRuleActions, useRules } from './queries';
import { phaseTones, useRuleSentence, useStandingWords } from './rule-words';
import { useAlertsText } from './texts';

interface RulesTableProps {
  readonly onEdit: (rule: AlertRule) => void;
  readonly onNew: () => void;
}

/** What is watched, and how each rule stands at this moment. */
export function RulesTable({ onEdit, onNew }: RulesTableProps): ReactNode {
  const t = useAlertsText();
  const rules = useRules();
  const columns = useRuleColumns(onEdit);
  if (rules.error !== null)
    return <ErrorState error={toAppError(rules.error)} onRetry={() => void rules.refetch()} size="page" />;
  return (
    <TableFrame>
      <DataTable
        id="alert-rules"
        label={t('rules.label')}
        columns={columns}
        source={rowsOf(rules.data ?? [])}
        rowId={({ id }) => id}
        onOpen={onEdit}
        loading={rules.data === undefined}
        empty={
          <EmptyState
            icon={ListChecks}
            title={t('rules.empty')}
            description={t('rules.emptyHint')}
            action={<Button onClick={onNew}>{t('newRule')}</Button>}
          />
        }
      />
    </TableFrame>
  );
}

function useRuleColumns(onEdit: (rule: AlertRule) => void): readonly Column<AlertRule>[] {
  const t = useAlertsText();
  const words = useAlertWords();
  const sentence = useRuleSentence();
  const standingWords = useStandingWords();
  const { save, remove } = useRuleActions();
  const standings = useAlerts()?.standings;
  return useMemo(
    () => [
      {
        id: 'enabled',
        header: t('rules.enabled'),
        width: 64,
        cell: (rule) => (
          // The row opens the rule; the switch only switches.
          <span onClick={(event) => event.stopPropagation()} role="presentation">
            <Switch
              label={<span className="sr-only">{t('rules.switchOf', { name: rule.name })}</span>}
              checked={rule.enabled}
              onCheckedChange={(enabled) => void save({ ...rule, enabled }, rule.id)}
            />
          </span>
        ),
      },
      {
        id: 'name',
        header: t('rules.name'),
        width: 220,
        cell: ({ name }) => <span className="font-medium">{name}</span>,
      },
      {
        id: 'severity',
        header: t('rules.severity'),
        width: 110,
        cell: ({ severity }) => (
          <Badge tone={severityLooks[severity].tone} icon={severityLooks[severity].icon}>
            {words(`severity.${severity}`)}
          </Badge>
        ),
      },
      {
        id: 'watches',
        header: t('rules.watches'),
        width: 380,
        grow: true,
        cell: (rule) => (
          <span title={sentence(rule)}>
            {sentence(rule)}
            {!rule.notify && <span className="text-ink-3"> · {t('rules.silent')}</span>}
          </span>
        ),
      },
      {
        id: 'standing',
        header: t('rules.standing'),
        width: 260,
        cell: (rule) => {
          const standing = standings?.find(({ ruleId }) => ruleId === rule.id);
          if (!rule.enabled) return <span className="text-ink-3">{t('rules.off')}</span>;
          if (standing === undefined) return null;
          return (
            <span className="flex min-w-0 items-center gap-2" title={standingWords(rule, standing)}>
              <Badge tone={phaseTones[standing.phase]}>{t(`rules.phase.${standing.phase}`)}</Badge>
              {standing.phase !== 'unknown' && (
                <span className="truncate text-ink-2">{standingWords(rule, standing)}</span>
              )}
            </span>
          );
        },
      },
      {
        id: 'actions',
        header: '',
        width: 84,
        align: 'end',
        cell: (rule) => (
          <span className="flex justify-end gap-1">
            <IconButton
              icon={Pencil}
              size="sm"
              label={t('rules.edit', { name: rule.name })}
              onClick={() => onEdit(rule)}
            />
            <IconButton
              icon={Trash2}
              size="sm"
              label={t('rules.remove', { name: rule.name })}
              onClick={() => void remove(rule)}
            />
          </span>
        ),
      },
    ],
    [onEdit, remove, save, sentence, standingWords, standings, t, words],
  );
}
