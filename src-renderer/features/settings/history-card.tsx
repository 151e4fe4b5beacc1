import { Eraser } from 'lucide-react';
import { useState } from 'react';
import { KeepDays } from '@shared/contract/activity';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Checkbox, ConfirmDialog, DateTime, NumberField, PropertyList } from '@renderer/ui';
import { CardForm } from './card-form';
import type { SettingsCardProps } from './form';
import { useCleanUp, useOldLogs } from './queries';
import { useSettingsText } from './texts';

/** The guide's 90 days. */
const USUAL_DAYS = 90;

/** How long the rows of ended jobs are kept, and a clean-up by hand that says first what it would remove. */
export function HistoryCard({ settings, save }: SettingsCardProps) {
  const t = useSettingsText();
  const format = useFormat();
  const [days, setDays] = useState(settings.jobLogDays);
  const [asking, setAsking] = useState(false);
  const meant = days ?? USUAL_DAYS;
  const isWhole = KeepDays.safeParse(meant).success;
  const old = useOldLogs(isWhole ? meant : USUAL_DAYS);
  const cleanUp = useCleanUp();
  const rows = old.data?.rows ?? 0;
  const last = old.data?.last ?? null;
  const counted = { count: rows, number: format.number(rows), days: format.number(meant) };
  return (
    <CardForm
      title={t('history.title')}
      hint={t('history.hint')}
      changed={days !== settings.jobLogDays && isWhole}
      busy={save.isPending}
      onSave={() => save.mutate({ jobLogDays: days })}
    >
      <Checkbox
        label={t('history.daily')}
        hint={t('history.dailyHint')}
        checked={days !== null}
        onCheckedChange={(isOn) => setDays(isOn ? USUAL_DAYS : null)}
      />
      {days !== null && (
        <div className="w-40">
          <NumberField
            label={t('history.days')}
            min={1}
            max={3_650}
            value={days}
            onValueChange={(next) => setDays(next ?? USUAL_DAYS)}
          />
        </div>
      )}
      <PropertyList
        properties={[
          {
            label: t('history.now', { days: format.number(meant) }),
            value:
              old.data === undefined ? (
                '…'
              ) : (
                <span>
                  {t('history.rows', counted)}
                  {old.data.oldest !== null && (
                    <>
                      {' · '}
                      {t('history.oldest')} <DateTime at={new Date(old.data.oldest)} show="date" />
                    </>
                  )}
                </span>
              ),
          },
          {
            label: t('history.last'),
            value:
              last === null ? (
                t('history.never')
              ) : (
                <span>
                  <DateTime at={new Date(last.at)} /> ·{' '}
                  {t('history.removed', { count: last.removed, number: format.number(last.removed) })} ·{' '}
                  {t(`history.by.${last.by}`)}
                </span>
              ),
          },
        ]}
      />
      <div>
        <Button
          icon={Eraser}
          busy={cleanUp.isPending}
          disabled={rows === 0 || !isWhole}
          onClick={() => setAsking(true)}
        >
          {t('history.clean')}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('history.confirm', counted)}
        description={t('history.confirmHint', counted)}
        confirmLabel={t('history.confirmLabel', counted)}
        onConfirm={() => cleanUp.run(meant)}
      />
    </CardForm>
  );
}
