import { useState } from 'react';
import { Checkbox, CountryField, PropertyList } from '@renderer/ui';
import { CardForm } from './card-form';
import type { SettingsCardProps } from './form';
import { useSettingsText } from './texts';

/** The rest: where data and secrets are, and how bare numbers are read. */
export function GeneralCard({ settings, save }: SettingsCardProps) {
  const t = useSettingsText();
  const before = settings.defaultCountry;
  const [country, setCountry] = useState(before);
  const [notifications, setNotifications] = useState(settings.notifications);
  return (
    <CardForm
      title={t('general.title')}
      changed={country !== before || notifications !== settings.notifications}
      busy={save.isPending}
      onSave={() => save.mutate({ defaultCountry: country, notifications })}
    >
      <CountryField
        label={t('general.country')}
        optional
        hint={t('general.countryHint')}
        value={country}
        onValueChange={setCountry}
      />
      <Checkbox
        label={t('general.notifications')}
        hint={t('general.notificationsHint')}
        checked={notifications}
        onCheckedChange={setNotifications}
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
