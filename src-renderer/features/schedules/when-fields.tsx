import { useMemo } from 'react';
import { describeWhen, upcoming } from '@shared/domain/schedule';
import { useFormat } from '@renderer/i18n/use-format';
import { Checkbox, Combobox, NumberField, Segmented, TextField, useNow } from '@renderer/ui';
import { WHEN_KINDS, type WhenDraft, whenOf } from './draft';
import { NextRuns } from './next-runs';
import { useSchedulesText } from './texts';
import { timeZones } from './times';

interface WhenFieldsProps {
  readonly when: WhenDraft;
  readonly onChange: (when: WhenDraft) => void;
}

const DAYS = ['1', '2', '3', '4', '5', '6', '0'] as const;
const MINUTE = 60_000;

/** When it runs, in the fields of its kind, and what that means: in words, and the next five times. */
export function WhenFields({ when, onChange }: WhenFieldsProps) {
  const t = useSchedulesText();
  const format = useFormat();
  const zones = useMemo(
    () => timeZones(format.timeZone).map((value) => ({ value, label: value })),
    [format.timeZone],
  );
  const set = (part: Partial<WhenDraft>): void => onChange({ ...when, ...part });
  return (
    <section className="grid items-start gap-6 xl:grid-cols-2">
      <div className="flex flex-col gap-4">
        <h3 className="text-sm font-semibold">{t('form.when')}</h3>
        <Segmented
          label={t('form.when')}
          value={when.kind}
          onValueChange={(kind) => set({ kind })}
          options={WHEN_KINDS.map((value) => ({ value, label: t(`form.kind.${value}`) }))}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <KindFields when={when} set={set} />
          <Combobox
            label={t('form.zone')}
            options={zones}
            value={when.timeZone}
            onValueChange={(timeZone) => {
              if (timeZone !== null) set({ timeZone });
            }}
          />
        </div>
      </div>
      <Preview when={when} />
    </section>
  );
}

interface KindFieldsProps {
  readonly when: WhenDraft;
  readonly set: (part: Partial<WhenDraft>) => void;
}

function KindFields({ when, set }: KindFieldsProps) {
  const t = useSchedulesText();
  if (when.kind === 'minutes') {
    return (
      <NumberField
        label={t('form.everyMinutes')}
        min={1}
        max={59}
        value={when.everyMinutes}
        onValueChange={(everyMinutes) => set({ everyMinutes: everyMinutes ?? 15 })}
      />
    );
  }
  if (when.kind === 'cron') {
    return (
      <TextField
        label={t('form.pattern')}
        hint={t('form.patternHint')}
        mono
        maxLength={200}
        spellCheck={false}
        value={when.pattern}
        onChange={(event) => set({ pattern: event.target.value })}
      />
    );
  }
  if (when.kind === 'once') {
    return (
      <TextField
        label={t('form.at')}
        type="datetime-local"
        value={when.at}
        onChange={(event) => set({ at: event.target.value })}
      />
    );
  }
  return (
    <>
      <TextField
        label={t('form.time')}
        type="time"
        value={when.time}
        onChange={(event) => set({ time: event.target.value })}
      />
      {when.kind === 'monthly' && (
        <NumberField
          label={t('form.dayOfMonth')}
          min={1}
          max={31}
          value={when.dayOfMonth}
          onValueChange={(dayOfMonth) => set({ dayOfMonth: dayOfMonth ?? 1 })}
        />
      )}
      {when.kind === 'weekly' && <Days when={when} set={set} />}
    </>
  );
}

function Days({ when, set }: KindFieldsProps) {
  const t = useSchedulesText();
  return (
    <fieldset className="sm:col-span-2">
      <legend className="mb-1 text-xs font-medium">{t('form.days')}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {DAYS.map((day) => (
          <Checkbox
            key={day}
            label={t(`form.day.d${day}`)}
            checked={when.days.includes(day)}
            onCheckedChange={(on) =>
              set({ days: on ? [...when.days, day] : when.days.filter((each) => each !== day) })
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

function Preview({ when: draft }: { when: WhenDraft }) {
  const t = useSchedulesText();
  const now = useNow(MINUTE);
  const when = whenOf(draft);
  if (when === null) {
    const why = draft.kind === 'weekly' && draft.days.length === 0 ? t('form.pickDay') : t('form.at');
    return <p className="text-sm text-ink-2">{why}</p>;
  }
  const words = describeWhen(when);
  const runs = words.ok ? upcoming(when, now, 5) : [];
  return (
    <div aria-live="polite" className="flex flex-col gap-2">
      <h3 className="text-sm font-semibold">{t('form.preview')}</h3>
      <p className={words.ok ? 'text-sm' : 'text-sm text-danger-text'}>
        {words.ok ? words.words : words.message}
      </p>
      {runs.length > 0 && <NextRuns runs={runs} timeZone={when.timeZone} />}
      {words.ok && runs.length === 0 && <p className="text-sm text-danger-text">{t('form.past')}</p>}
    </div>
  );
}
