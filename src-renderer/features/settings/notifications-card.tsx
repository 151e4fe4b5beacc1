import { useState } from 'react';
import { severities } from '@shared/domain/alert-rules';
import { USUAL_QUIET_HOURS } from '@shared/domain/quiet-hours';
import { useAlerts } from '@renderer/alerts/live';
import { useFormat } from '@renderer/i18n/use-format';
import { client } from '@renderer/platform/client';
import { useAppStatus } from '@renderer/platform/use-app-status';
import { Button, Checkbox, Notice, Select, TextField } from '@renderer/ui';
import { CardForm } from './card-form';
import type { SettingsCardProps } from './form';
import { useSettingsText } from './texts';

const PAUSE_MINUTES = 60;
const pause = (minutes: number | null): void => void client.alerts.pauseTelling({ minutes });

/** What is said outside the window on this machine, and when it is quiet. */
export function NotificationsCard({ settings, save }: SettingsCardProps) {
  const t = useSettingsText();
  const format = useFormat();
  const isBrowser = useAppStatus().data?.host === 'serve';
  const pausedUntil = useAlerts()?.telling.pausedUntil ?? null;
  const before = { notifications: settings.notifications, ...settings.telling };
  const [now, setNow] = useState(before);
  const set = (part: Partial<typeof before>): void => setNow({ ...now, ...part });
  const { notifications, ...telling } = now;
  const { quiet } = now;
  return (
    <CardForm
      title={t('notifications.title')}
      hint={t('notifications.hint')}
      changed={JSON.stringify(now) !== JSON.stringify(before)}
      busy={save.isPending}
      onSave={() => save.mutate({ notifications, telling })}
    >
      {isBrowser && <Notice>{t('notifications.browser')}</Notice>}
      {pausedUntil !== null && (
        <Notice
          tone="warning"
          actions={
            <Button size="sm" onClick={() => pause(null)}>
              {t('notifications.resume')}
            </Button>
          }
        >
          {t('notifications.paused', { time: format.clock(Date.parse(pausedUntil)) })}
        </Notice>
      )}
      <div className="flex items-start justify-between gap-4">
        <Checkbox
          label={t('notifications.on')}
          hint={t('notifications.onHint')}
          checked={notifications}
          onCheckedChange={(next) => set({ notifications: next })}
        />
        {pausedUntil === null && notifications && !isBrowser && (
          <Button size="sm" onClick={() => pause(PAUSE_MINUTES)}>
            {t('notifications.pauseHour')}
          </Button>
        )}
      </div>
      <div className="w-72">
        <Select
          label={t('notifications.least')}
          value={now.least}
          onValueChange={(least) => set({ least })}
          options={[...severities]
            .reverse()
            .map((value) => ({ value, label: t(`notifications.leastOf.${value}`) }))}
        />
      </div>
      <div className="flex flex-wrap items-end gap-4">
        <Checkbox
          label={t('notifications.quiet')}
          hint={t('notifications.quietHint')}
          checked={quiet !== null}
          onCheckedChange={(isOn) => set({ quiet: isOn ? USUAL_QUIET_HOURS : null })}
        />
        {quiet !== null &&
          (['from', 'until'] as const).map((end) => (
            <TextField
              key={end}
              label={t(`notifications.${end}`)}
              type="time"
              value={quiet[end]}
              onChange={({ target }) => {
                if (target.value !== '') set({ quiet: { ...quiet, [end]: target.value.slice(0, 5) } });
              }}
            />
          ))}
      </div>
      <Checkbox
        label={t('notifications.tray')}
        hint={t('notifications.trayHint')}
        checked={now.tray}
        onCheckedChange={(tray) => set({ tray })}
      />
    </CardForm>
  );
}
