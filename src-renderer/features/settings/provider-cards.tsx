import { useState } from 'react';
import type { Settings } from '@shared/contract/settings';
import { NumberField, RadioGroup, TextField } from '@renderer/ui';
import { CardForm } from './card-form';
import { changes, type SettingsCardProps } from './form';
import { useSettingsText } from './texts';

/** How WhatsApp messages leave. */
export function WhatsAppCard({ settings: { whatsapp }, save }: SettingsCardProps) {
  const t = useSettingsText();
  const before = {
    mode: whatsapp.mode,
    phoneNumberId: whatsapp.phoneNumberId ?? '',
    token: '',
    apiBaseUrl: whatsapp.apiBaseUrl,
    messagesPerSecond: whatsapp.messagesPerSecond,
    appSecret: '',
    verifyToken: '',
  };
  const [draft, setDraft] = useState(before);
  const changed = changes(before, draft);
  const set = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  return (
    <CardForm
      title={t('whatsapp.title')}
      hint={t('whatsapp.hint')}
      changed={changed !== undefined}
      busy={save.isPending}
      onSave={() => save.mutate({ whatsapp: changed })}
    >
      <RadioGroup
        label={t('whatsapp.mode')}
        look="cards"
        orientation="horizontal"
        value={draft.mode}
        onValueChange={(mode) => set({ mode })}
        options={[
          { value: 'sandbox', label: t('whatsapp.sandbox'), hint: t('whatsapp.sandboxHint') },
          { value: 'cloud-api', label: t('whatsapp.live'), hint: t('whatsapp.liveHint') },
        ]}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label={t('whatsapp.phone')}
          mono
          value={draft.phoneNumberId}
          onChange={(event) => set({ phoneNumberId: event.target.value })}
        />
        <SecretField
          label={t('whatsapp.token')}
          secret={whatsapp.token}
          value={draft.token}
          onChange={(token) => set({ token })}
        />
        <TextField
          label={t('whatsapp.base')}
          mono
          value={draft.apiBaseUrl}
          onChange={(event) => set({ apiBaseUrl: event.target.value })}
        />
        <NumberField
          label={t('whatsapp.rate')}
          min={0.1}
          max={1_000}
          step={0.5}
          value={draft.messagesPerSecond}
          onValueChange={(rate) => set({ messagesPerSecond: rate ?? before.messagesPerSecond })}
        />
        <SecretField
          label={t('whatsapp.appSecret')}
          secret={whatsapp.appSecret}
          value={draft.appSecret}
          onChange={(appSecret) => set({ appSecret })}
        />
        <SecretField
          label={t('whatsapp.verifyToken')}
          secret={whatsapp.verifyToken}
          value={draft.verifyToken}
          onChange={(verifyToken) => set({ verifyToken })}
        />
      </div>
    </CardForm>
  );
}

/** How emails leave. */
export function EmailCard({ settings: { email }, save }: SettingsCardProps) {
  const t = useSettingsText();
  const before = {
    mode: email.mode,
    from: email.from ?? '',
    apiKey: '',
    baseUrl: email.baseUrl,
    emailsPerSecond: email.emailsPerSecond,
    webhookSecret: '',
  };
  const [draft, setDraft] = useState(before);
  const changed = changes(before, draft);
  const set = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  return (
    <CardForm
      title={t('email.title')}
      hint={t('email.hint')}
      changed={changed !== undefined}
      busy={save.isPending}
      onSave={() => save.mutate({ email: changed })}
    >
      <RadioGroup
        label={t('whatsapp.mode')}
        look="cards"
        orientation="horizontal"
        value={draft.mode}
        onValueChange={(mode) => set({ mode })}
        options={[
          { value: 'sandbox', label: t('whatsapp.sandbox'), hint: t('whatsapp.sandboxHint') },
          { value: 'resend', label: t('email.live'), hint: t('whatsapp.liveHint') },
        ]}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label={t('email.from')}
          type="email"
          value={draft.from}
          onChange={(event) => set({ from: event.target.value })}
        />
        <SecretField
          label={t('email.key')}
          secret={email.apiKey}
          value={draft.apiKey}
          onChange={(apiKey) => set({ apiKey })}
        />
        <TextField
          label={t('email.base')}
          mono
          value={draft.baseUrl}
          onChange={(event) => set({ baseUrl: event.target.value })}
        />
        <NumberField
          label={t('email.rate')}
          min={0.1}
          max={1_000}
          step={0.5}
          value={draft.emailsPerSecond}
          onValueChange={(rate) => set({ emailsPerSecond: rate ?? before.emailsPerSecond })}
        />
        <SecretField
          label={t('email.webhookSecret')}
          secret={email.webhookSecret}
          value={draft.webhookSecret}
          onChange={(webhookSecret) => set({ webhookSecret })}
        />
      </div>
    </CardForm>
  );
}

interface SecretFieldProps {
  readonly label: string;
  readonly secret: Settings['whatsapp']['token'];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A secret is typed in and never comes back: the hint says whether one is set. */
function SecretField({ label, secret, value, onChange }: SecretFieldProps) {
  const t = useSettingsText();
  const fixed = secret.origin === 'environment';
  const known = secret.set ? t('whatsapp.secretSet', { hint: secret.hint ?? '' }) : t('whatsapp.secretUnset');
  return (
    <TextField
      label={label}
      type="password"
      mono
      autoComplete="off"
      value={value}
      disabled={fixed}
      hint={fixed ? t('fixed') : known}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
