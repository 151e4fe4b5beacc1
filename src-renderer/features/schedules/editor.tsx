import { Plus, Save } from 'lucide-react';
import { useState } from 'react';
import type { Schedule } from '@shared/contract/schedules';
import type { AppError } from '@shared/errors';
import { client } from '@renderer/platform/client';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Card, Notice, NumberField, RadioGroup, showToast, TextField } from '@renderer/ui';
import { draftOf, inputOf, newDraft, newStep, type ScheduleDraft, type StepDraft } from './draft';
import { useAct } from './queries';
import { StepFields } from './step-fields';
import { useSchedulesText } from './texts';
import { timeIn } from './times';
import { WhenFields } from './when-fields';

interface EditorProps {
  /** Undefined for a new one. */
  readonly schedule: Schedule | undefined;
  readonly onSaved: (schedule: Schedule) => void;
  readonly onCancel: () => void;
}

const MAX_STEPS = 10;
const OVERLAPS = ['skip', 'queue'] as const;

/** Writes one schedule: when, and what in which order. */
export function Editor({ schedule, onSaved, onCancel }: EditorProps) {
  const t = useSchedulesText();
  const format = useFormat();
  const [draft, setDraft] = useState(() =>
    schedule === undefined ? newDraft(format.timeZone, Date.now()) : draftOf(schedule, Date.now()),
  );
  const [error, setError] = useState<AppError | null>(null);
  const { busy, run } = useAct(setError);
  const set = (part: Partial<ScheduleDraft>): void => setDraft({ ...draft, ...part });
  const words = {
    notObject: t('form.notObject'),
    notJson: (why: string) => t('form.notJson', { why }),
  };
  const input = inputOf(draft, words);
  const complete = input !== null && draft.name.trim() !== '';
  const save = async (): Promise<void> => {
    if (input === null) return;
    setError(null);
    const saved = await run(() =>
      client.schedules.save({ ...input, ...(schedule && { scheduleId: schedule.id }) }),
    );
    if (saved === null) return;
    const [next] = saved.nextRuns;
    const time = next === undefined ? t('never') : timeIn(next, saved.when.timeZone, format.locale);
    showToast({ title: t('form.saved', { time }), tone: 'success' });
    onSaved(saved);
  };
  const issues = error?.code === 'invalid_input' ? error.issues : [];
  const issueAt = (path: string): string | undefined => issues.find((issue) => issue.path === path)?.message;
  return (
    <Card
      title={schedule === undefined ? t('form.new') : t('form.edit')}
      actions={
        <>
          <Button size="sm" onClick={onCancel}>
            {t('form.cancel')}
          </Button>
          <Button
            size="sm"
            variant="primary"
            icon={Save}
            busy={busy}
            disabled={!complete}
            onClick={() => void save()}
          >
            {t('form.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        {error && <Problem error={error} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t('form.name')}
            maxLength={120}
            value={draft.name}
            error={issueAt('name')}
            onChange={(event) => set({ name: event.target.value })}
          />
          <NumberField
            label={t('form.grace')}
            hint={t('form.graceHint')}
            min={1}
            max={10_080}
            value={draft.graceMinutes}
            onValueChange={(minutes) => set({ graceMinutes: minutes ?? 10 })}
          />
        </div>
        <WhenFields when={draft.when} onChange={(when) => set({ when })} />
        {draft.when.kind !== 'once' && (
          <RadioGroup
            label={t('form.overlap')}
            value={draft.overlap}
            onValueChange={(overlap) => set({ overlap })}
            options={OVERLAPS.map((value) => ({
              value,
              label: t(`form.overlaps.${value}`),
              hint: t(`form.overlapHints.${value}`),
            }))}
          />
        )}
        <Steps steps={draft.steps} issues={issues} onChange={(steps) => set({ steps })} words={words} />
      </div>
    </Card>
  );
}

function Problem({ error }: { error: AppError }) {
  const issues = error.code === 'invalid_input' ? error.issues : [];
  return (
    <Notice tone="danger" title={error.message}>
      {error.action}
      {issues.length > 0 && (
        <ul className="list-disc pl-4">
          {issues.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path !== '' && <span className="font-mono text-xs">{path}: </span>}
              {message}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

interface StepsProps {
  readonly steps: readonly StepDraft[];
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  readonly words: Parameters<typeof inputOf>[1];
  readonly onChange: (steps: readonly StepDraft[]) => void;
}

function Steps({ steps, issues, words, onChange }: StepsProps) {
  const t = useSchedulesText();
  const moveUp = (index: number): void => {
    const before = steps[index - 1];
    const step = steps[index];
    if (before === undefined || step === undefined) return;
    onChange([...steps.slice(0, index - 1), step, before, ...steps.slice(index + 1)]);
  };
  return (
    <section className="flex flex-col gap-3">
      <header>
        <h3 className="text-sm font-semibold">{t('form.what')}</h3>
        {steps.length > 1 && <p className="text-xs text-ink-2">{t('form.whatHint')}</p>}
      </header>
      {steps.map((step, index) => (
        <StepFields
          key={step.key}
          step={step}
          number={index + 1}
          alone={steps.length === 1}
          words={words}
          issues={issues
            .filter(({ path }) => path.startsWith(`steps.${index}.`))
            .map(({ path, message }) => ({ path: path.slice(`steps.${index}.`.length), message }))}
          onChange={(next) => onChange(steps.map((each) => (each.key === step.key ? next : each)))}
          onUp={index === 0 ? undefined : () => moveUp(index)}
          onDrop={() => onChange(steps.filter((each) => each.key !== step.key))}
        />
      ))}
      {steps.length < MAX_STEPS && (
        <div>
          <Button size="sm" icon={Plus} onClick={() => onChange([...steps, newStep()])}>
            {t('form.addStep')}
          </Button>
        </div>
      )}
    </section>
  );
}
