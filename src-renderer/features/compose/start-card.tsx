import { JobPriority, priorityLabels, type JobPriorityValue } from '@shared/domain/queues';
import { Card, Combobox, NumberField, Segmented, Select, Switch, TextField } from '@renderer/ui';
import type { Draft } from './draft';
import { ForecastLines } from './forecast';
import type { Preview } from './preview-card';
import { SafetyFields } from './safety-fields';
import { useComposeText } from './texts';

interface StartCardProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  /** What it is called unless a name is written. */
  readonly defaultName: string;
  readonly past: boolean;
  readonly preview: Preview | undefined;
}

const PRIORITIES: readonly JobPriorityValue[] = [
  JobPriority.CRITICAL,
  JobPriority.HIGH,
  JobPriority.NORMAL,
  JobPriority.LOW,
];
const WHENS = ['now', 'delay', 'at'] as const;
const ZONES = [
  ...new Set([
    Intl.DateTimeFormat().resolvedOptions().timeZone,
    'UTC',
    ...Intl.supportedValuesOf('timeZone'),
  ]),
].map((value) => ({ value, label: value.replaceAll('_', ' ') }));
const YEAR_MINUTES = 365 * 24 * 60;

/** The campaign's name, when it starts and what it goes before. */
export function StartCard({ draft, onChange, defaultName, past, preview }: StartCardProps) {
  const t = useComposeText();
  return (
    <Card title={t('when.title')}>
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t('when.name')}
            placeholder={defaultName}
            maxLength={200}
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
          <Select
            label={t('when.priority')}
            value={String(draft.priority)}
            onValueChange={(text) => {
              const priority = PRIORITIES.find((each) => String(each) === text);
              if (priority !== undefined) onChange({ priority });
            }}
            options={PRIORITIES.map((value) => ({ value: String(value), label: priorityLabels[value] }))}
          />
        </div>
        <div className="flex flex-wrap items-end gap-4">
          <Segmented
            label={t('when.label')}
            value={draft.when}
            onValueChange={(when) => onChange({ when })}
            options={WHENS.map((value) => ({ value, label: t(`when.${value}`) }))}
          />
          {draft.when === 'delay' && (
            <NumberField
              label={t('when.minutes')}
              min={1}
              max={YEAR_MINUTES}
              value={draft.delayMinutes}
              onValueChange={(minutes) => onChange({ delayMinutes: minutes ?? 1 })}
            />
          )}
          {draft.when === 'at' && (
            <>
              <TextField
                label={t('when.time')}
                type="datetime-local"
                error={past && draft.at !== '' ? t('when.past') : undefined}
                value={draft.at}
                onChange={(event) => onChange({ at: event.target.value })}
              />
              <div className="w-60">
                <Combobox
                  label={t('when.zone')}
                  options={ZONES}
                  value={draft.zone}
                  onValueChange={(zone) => onChange({ zone: zone ?? draft.zone })}
                />
              </div>
            </>
          )}
        </div>
        <Quiet draft={draft} onChange={onChange} />
        <SafetyFields draft={draft} onChange={onChange} />
        {preview !== undefined && preview.reach > 0 && <ForecastLines draft={draft} preview={preview} />}
      </div>
    </Card>
  );
}

/** By the clocks of each recipient: who is asleep gets it in the morning. */
function Quiet({ draft, onChange }: Pick<StartCardProps, 'draft' | 'onChange'>) {
  const t = useComposeText();
  const { quiet } = draft;
  return (
    <div className="flex flex-wrap items-end gap-4">
      <Switch
        label={t('quiet.label')}
        hint={
          draft.channel === 'email'
            ? t('quiet.emailHint', { zone: draft.zone.replaceAll('_', ' ') })
            : t('quiet.hint')
        }
        checked={draft.isQuiet}
        onCheckedChange={(isQuiet) => onChange({ isQuiet })}
      />
      {draft.isQuiet &&
        (['from', 'until'] as const).map((end) => (
          <TextField
            key={end}
            label={t(`quiet.${end}`)}
            type="time"
            required
            value={quiet[end]}
            onChange={({ target }) => {
              if (target.value !== '') onChange({ quiet: { ...quiet, [end]: target.value.slice(0, 5) } });
            }}
          />
        ))}
    </div>
  );
}
