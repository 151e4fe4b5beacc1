import { useState } from 'react';
import { PropertyList, TextField } from '@renderer/ui';
import { CardForm } from './card-form';
import type { SettingsCardProps } from './form';
import { useSettingsText } from './texts';

/** The rest: where data and secrets are, and how bare numbers are read. */
export function GeneralCard({ settings, save }: SettingsCardProps) {
  const t = useSettingsText();
  const before = settings.defaultCountry ?? '';
  const [country, setCountry] = useState(before);
  return (
    <CardForm
      title={t('general.title')}
      changed={country !== before}
      busy={save.isPending}
      onSave={() => save.mutate({ defaultCountry: country === '' ? null : country })}
    >
      <TextField
        label={t('general.country')}
        optional
        hint={t('general.countryHint')}
        maxLength={2}
        value={country}
        onChange={(event) => setCountry(event.target.value.toUpperCase())}
      />
      <PropertyList
        properties={[
          {
            label: t('general.data'),
            value: <span className="font-mono text-xs">{settings.dataDirectory}</span>,
          },
          { label: t('general.secrets'), value: t(`general.${settings.secretStorage}`) },
        ]}
      />
    </CardForm>
  );
}
