import { useState } from 'react';
import { USUAL_QUIET_HOURS } from '@shared/domain/quiet-hours';
import { Checkbox, CountryField, PropertyList, TextField } from '@renderer/ui';
import { CardForm } from './card-form';
import type { SettingsCardProps } from './form';
import { useSettingsText } from './texts';

/** The rest: where data and secrets are, and how bare numbers are read. */
export function GeneralCard({ settings, save }: SettingsCardProps) {
  const t = useSettingsText();
  const before = settings.defaultCountry;
  const [country, setCountry] = useState(before);
  const [quiet, setQuiet] = useState(settings.quietHours);
  const isQuietChanged = JSON.stringify(quiet) !== JSON.stringify(settings.quietHours);
  return (
    <CardForm
      title={t('general.title')}
      changed={country !== before || isQuietChanged}
      busy={save.isPending}
      onSave={() => save.mutate({ defaultCountry: country, quietHours: quiet })}
    >
      <CountryField
        label={t('general.country')}
        optional
        hint={t('general.countryHint')}
        value={country}
        onValueChange={setCountry}
      />
      <div className="flex flex-wrap items-end gap-4">
        <Checkbox
          label={t('general.quiet')}
          hint={t('general.quietHint')}
          checked={quiet !== null}
          onCheckedChange={(isOn) => setQuiet(isOn ? USUAL_QUIET_HOURS : null)}
        />
        {quiet !== null &&
          (['from', 'until'] as const).map((end) => (
            <TextField
              key={end}
              label={t(`general.${end}`)}
              type="time"
              value={quiet[end]}
              onChange={({ target }) => {
                if (target.value !== '') setQuiet({ ...quiet, [end]: target.value.slice(0, 5) });
              }}
            />
          ))}
      </div>
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
