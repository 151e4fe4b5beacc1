import { type ReactNode, useState } from 'react';
import { queueTitle } from '@shared/domain/queues';
import { Button, Dialog, NumberField } from '@renderer/ui';
import { type LimitsOfQueue, useSetLimits } from './queries';
import { useEngineText } from './texts';

const SECOND = 1_000;
const DAY_SECONDS = 86_400;

interface LimitsDialogProps {
  readonly limits: LimitsOfQueue;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Edits what holds a queue back on all machines; a blank field is no limit. */
export function LimitsDialog({ limits, open, onClose }: LimitsDialogProps): ReactNode {
  const t = useEngineText();
  const save = useSetLimits();
  const [concurrency, setConcurrency] = useState(limits.concurrency);
  const [max, setMax] = useState(limits.rate?.max ?? null);
  const [seconds, setSeconds] = useState(limits.rate === null ? null : limits.rate.durationMs / SECOND);
  const isIncomplete = (max === null) !== (seconds === null);
  const queue = queueTitle(limits.queue);
  const submit = (): void => {
    const rate = max === null || seconds === null ? null : { max, durationMs: Math.round(seconds * SECOND) };
    save.mutate({ before: limits, next: { queue: limits.queue, concurrency, rate } }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('limits.dialog', { queue })}
      description={t('limits.dialogHint')}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t('limits.cancel')}</Button>
          <Button variant="primary" disabled={isIncomplete} busy={save.isPending} onClick={submit}>
            {t('limits.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <NumberField
          label={t('limits.concurrencyField')}
          min={1}
          max={10_000}
          value={concurrency}
          onValueChange={setConcurrency}
        />
        <div className="grid grid-cols-2 gap-3">
          <NumberField
            label={t('limits.rateField')}
            min={1}
            max={1_000_000}
            value={max}
            onValueChange={setMax}
            error={isIncomplete && max === null ? t('limits.incomplete') : undefined}
          />
          <NumberField
            label={t('limits.windowField')}
            min={0.001}
            max={DAY_SECONDS}
            unit={t('limits.seconds')}
            value={seconds}
            onValueChange={setSeconds}
            error={isIncomplete && seconds === null ? t('limits.incomplete') : undefined}
          />
        </div>
        <p className="text-xs text-ink-3">
          {t('limits.windowHint')} {limits.queue === 'bulk-messages' && t('limits.messages')}
        </p>
      </div>
    </Dialog>
  );
}
