import { useState } from 'react';
import { whatsappPolicy } from '@shared/domain/provider-policy';
import { NumberField } from '@renderer/ui';
import { CardForm } from './card-form';
import type { SettingsCardProps } from './form';
import { useSettingsText } from './texts';

/** Failures worth trying out; each stands for another action of the policy. */
const CODES = ['131026', '131047', '131000', '131049', '131050', '130429'] as const;

/** How the sandbox gateway treats recipients. */
export function SandboxCard({ settings: { sandbox }, save }: SettingsCardProps) {
  const t = useSettingsText();
  const [draft, setDraft] = useState(sandbox);
  const percentOf = (code: string): number =>
    draft.failures.find((failure) => failure.code === code)?.percent ?? 0;
  const codes = [...new Set([...CODES, ...draft.failures.map((failure) => failure.code)])];
  const setPercent = (code: string, percent: number): void => {
    const others = draft.failures.filter((failure) => failure.code !== code);
    setDraft({ ...draft, failures: percent === 0 ? others : [...others, { code, percent }] });
  };
  return (
    <CardForm
      title={t('sandbox.title')}
      hint={t('sandbox.hint')}
      changed={JSON.stringify(draft) !== JSON.stringify(sandbox)}
      busy={save.isPending}
      onSave={() => save.mutate({ sandbox: draft })}
    >
      <div className="grid grid-cols-3 gap-4">
        <NumberField
          label={t('sandbox.min')}
          min={0}
          max={60_000}
          value={draft.minLatencyMs}
          onValueChange={(value) => setDraft({ ...draft, minLatencyMs: value ?? 0 })}
        />
        <NumberField
          label={t('sandbox.max')}
          min={0}
          max={60_000}
          value={draft.maxLatencyMs}
          onValueChange={(value) => setDraft({ ...draft, maxLatencyMs: value ?? 0 })}
        />
        <NumberField
          label={t('sandbox.lost')}
          min={0}
          max={100}
          step={0.1}
          value={draft.lostAnswerPercent}
          onValueChange={(value) => setDraft({ ...draft, lostAnswerPercent: value ?? 0 })}
        />
        {codes.map((code) => (
          <NumberField
            key={code}
            label={t('sandbox.code', { code })}
            hint={whatsappPolicy(Number(code)).reason}
            min={0}
            max={100}
            step={0.5}
            value={percentOf(code)}
            onValueChange={(value) => setPercent(code, value ?? 0)}
          />
        ))}
      </div>
    </CardForm>
  );
}
