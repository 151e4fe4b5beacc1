import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Button, Card, NumberField, Switch, TextField } from '@renderer/ui';
import { CardForm } from './card-form';
import { changes, type SettingsCardProps } from './form';
import { useSettingsText } from './texts';

/** The REST API of a console that is served: it was told at its start, and cannot be switched off from inside. */
export function ServedApiCard({ settings: { api } }: Pick<SettingsCardProps, 'settings'>) {
  const t = useSettingsText();
  return (
    <Card title={t('api.title')}>
      <p className="text-sm">{api.url === null ? t('api.stopped') : t('api.running', { url: api.url })}</p>
      <p className="text-xs text-ink-3">{t('api.served')}</p>
    </Card>
  );
}

/** The REST API of the desktop app. */
export function ApiCard({ settings: { api }, save }: SettingsCardProps) {
  const t = useSettingsText();
  const before = { enabled: api.enabled, port: api.port, token: '' };
  const [draft, setDraft] = useState(before);
  const changed = changes(before, draft);
  const state = api.problem ?? (api.url === null ? t('api.stopped') : t('api.running', { url: api.url }));
  return (
    <CardForm
      title={t('api.title')}
      hint={t('api.hint')}
      changed={changed !== undefined}
      busy={save.isPending}
      onSave={() => save.mutate({ api: changed })}
    >
      <Switch
        label={t('api.enabled')}
        hint={state}
        checked={draft.enabled}
        onCheckedChange={(enabled) => setDraft({ ...draft, enabled })}
      />
      <div className="flex items-start gap-3">
        <div className="w-32">
          <NumberField
            label={t('api.port')}
            min={1_024}
            max={65_535}
            format={{ useGrouping: false }}
            value={draft.port}
            onValueChange={(port) => setDraft({ ...draft, port: port ?? before.port })}
          />
        </div>
        <div className="min-w-0 flex-1">
          <TextField
            label={t('api.token')}
            mono
            autoComplete="off"
            value={draft.token}
            hint={
              draft.token === ''
                ? api.token.set
                  ? t('whatsapp.secretSet', { hint: api.token.hint ?? '' })
                  : t('whatsapp.secretUnset')
                : t('api.copyToken')
            }
            onChange={(event) => setDraft({ ...draft, token: event.target.value })}
          />
        </div>
        <div className="pt-5">
          <Button icon={KeyRound} onClick={() => setDraft({ ...draft, token: randomToken() })}>
            {t('api.generate')}
          </Button>
        </div>
      </div>
    </CardForm>
  );
}

const randomToken = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
