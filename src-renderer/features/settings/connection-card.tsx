import { useState } from 'react';
import { Button, RadioGroup, Switch, TextField } from '@renderer/ui';
import { CardForm } from './card-form';
import { changes, type SettingsCardProps } from './form';
import { useTestConnection } from './queries';
import { useSettingsText } from './texts';

/** Which engine and database this console works on. */
export function ConnectionCard({ settings: { connection }, save }: SettingsCardProps) {
  const t = useSettingsText();
  const before = {
    profile: connection.profile,
    name: connection.name,
    production: connection.production,
    redisUrl: '',
    databaseUrl: '',
  };
  const [draft, setDraft] = useState(before);
  const changed = changes(before, draft);
  const fixed = connection.redis.origin === 'environment';
  const set = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  return (
    <CardForm
      title={t('connection.title')}
      hint={t('connection.hint')}
      changed={changed !== undefined}
      busy={save.isPending}
      onSave={() => save.mutate({ connection: changed })}
    >
      <RadioGroup
        label={t('connection.profile')}
        look="cards"
        orientation="horizontal"
        value={draft.profile}
        onValueChange={(profile) => set({ profile })}
        disabled={fixed}
        options={[
          { value: 'embedded', label: t('connection.embedded'), hint: t('connection.embeddedHint') },
          { value: 'shared', label: t('connection.shared'), hint: t('connection.sharedHint') },
        ]}
      />
      {draft.profile === 'shared' && (
        <>
          <AddressField
            kind="redis"
            label={t('connection.redis')}
            placeholder="redis://user:password@host:6379"
            current={connection.redis}
            value={draft.redisUrl}
            onChange={(redisUrl) => set({ redisUrl })}
          />
          <AddressField
            kind="database"
            label={t('connection.database')}
            placeholder="postgresql://user:password@host:5432/name"
            current={connection.database}
            value={draft.databaseUrl}
            onChange={(databaseUrl) => set({ databaseUrl })}
          />
        </>
      )}
      <TextField
        label={t('connection.name')}
        value={draft.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <Switch
        label={t('connection.production')}
        hint={t('connection.productionHint')}
        checked={draft.production}
        onCheckedChange={(production) => set({ production })}
      />
    </CardForm>
  );
}

interface AddressFieldProps {
  readonly kind: 'redis' | 'database';
  readonly label: string;
  readonly placeholder: string;
  readonly current: { readonly url: string | null; readonly origin: string };
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** An address with its password is typed, never shown again; what is set is named without it. */
function AddressField({ kind, label, placeholder, current, value, onChange }: AddressFieldProps) {
  const t = useSettingsText();
  const test = useTestConnection();
  const fixed = current.origin === 'environment';
  const known = t('connection.now', { url: current.url ?? t('connection.none') });
  return (
    <div className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <TextField
          label={label}
          mono
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={value}
          disabled={fixed}
          hint={test.data === undefined ? `${known} ${fixed ? t('fixed') : ''}` : verdict(t, test.data)}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <div className="pb-5">
        <Button
          disabled={value === ''}
          busy={test.isPending}
          onClick={() => test.mutate({ kind, url: value })}
        >
          {t('connection.test')}
        </Button>
      </div>
    </div>
  );
}

interface Verdict {
  readonly reachable: boolean;
  readonly detail: string;
  readonly latencyMs: number | null;
}

const verdict = (t: ReturnType<typeof useSettingsText>, { reachable, detail, latencyMs }: Verdict): string =>
  reachable
    ? t('connection.reachable', { detail, ms: Math.max(1, Math.round(latencyMs ?? 0)) })
    : t('connection.unreachable', { detail });
