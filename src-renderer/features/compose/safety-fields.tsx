import { DEFAULT_FAILURE_SHARE } from '@shared/domain/campaign-safety';
import { NumberField, Switch } from '@renderer/ui';
import type { Draft } from './draft';
import { useComposeText } from './texts';

interface SafetyFieldsProps {
  readonly draft: Pick<Draft, 'canary' | 'stopAtFailurePercent'>;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** What keeps the message from doing harm: a few go first, and failures stop the rest. */
export function SafetyFields({ draft, onChange }: SafetyFieldsProps) {
  const t = useComposeText();
  const { canary, stopAtFailurePercent: percent } = draft;
  return (
    <div className="flex flex-col gap-3">
      <Switch
        label={t('safety.canary')}
        hint={t('safety.canaryHint')}
        checked={canary}
        onCheckedChange={(next) => onChange({ canary: next })}
      />
      <div className="flex flex-wrap items-end gap-4">
        <Switch
          label={t('safety.stop')}
          hint={t('safety.stopHint')}
          checked={percent !== null}
          onCheckedChange={(next) =>
            onChange({ stopAtFailurePercent: next ? DEFAULT_FAILURE_SHARE * 100 : null })
          }
        />
        {percent !== null && (
          <div className="w-36">
            <NumberField
              label={t('safety.percent')}
              min={1}
              max={100}
              step={5}
              unit="%"
              value={percent}
              onValueChange={(next) => onChange({ stopAtFailurePercent: next ?? 1 })}
            />
          </div>
        )}
      </div>
    </div>
  );
}
