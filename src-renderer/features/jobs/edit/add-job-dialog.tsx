import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { jobNames } from '@shared/domain/jobs';
import {
  JobPrioritySchema,
  type JobPriorityValue,
  priorityLabels,
  isAdsappQueue,
  type QueueName,
  queueTitle,
} from '@shared/domain/queues';
import type { AppError } from '@shared/errors';
import { useQueueNames } from '@renderer/platform/live-overview';
import { client } from '@renderer/platform/client';
import { Button, Dialog, Notice, NumberField, Segmented, Select, showToast, TextField } from '@renderer/ui';
import { useJobsText } from '../texts';
import { checkPayload } from './payload-check';
import { PayloadField } from './payload-field';
import { payloadOf } from './payload-fields';
import { PayloadForm } from './payload-form';

interface AddJobDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  startQueue: QueueName;
}

/** A job of any queue: by a form where the console knows what belongs in, else as JSON. */
export function AddJobDialog({ open, onOpenChange, startQueue }: AddJobDialogProps) {
  return open ? <AddJob startQueue={startQueue} onClose={() => onOpenChange(false)} /> : null;
}

const PRIORITIES = ['1', '2', '3', '4'] as const;

function AddJob({ startQueue, onClose }: { startQueue: QueueName; onClose: () => void }) {
  const t = useJobsText();
  const cache = useQueryClient();
  const [queue, setQueue] = useState(startQueue);
  const queues = useQueueNames();
  const [wanted, setHow] = useState<'form' | 'json'>('form');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [json, setJson] = useState('{}');
  const [name, setName] = useState('');
  const [priority, setPriority] = useState<JobPriorityValue | null>(null);
  const [delay, setDelay] = useState<number | null>(null);
  const [refused, setRefused] = useState<AppError>();
  const [asked, setAsked] = useState(false);
  const own = isAdsappQueue(queue) ? queue : null;
  const how = own === null ? 'json' : wanted;
  const text = own === null || how === 'json' ? json : JSON.stringify(payloadOf(own, values), null, 2);
  const usualName = own === null ? '' : jobNames[own];
  const checked = checkPayload(queue, text);
  const noName = usualName === '' && name.trim() === '';

  const add = async (): Promise<void> => {
    setAsked(true);
    if (!checked.ok || noName) return;
    const result = await client.queues.add({
      queue,
      name: name.trim() === '' ? usualName : name.trim(),
      data: checked.data,
      ...(priority !== null && { priority }),
      ...(delay !== null && delay > 0 && { delayMs: Math.round(delay * 1_000) }),
    });
    if (!result.ok) {
      setRefused(result.error);
      return;
    }
    onClose();
    showToast({
      title: t('add.done', { id: result.value.jobId, queue: queueTitle(queue) }),
      tone: 'success',
    });
    await cache.invalidateQueries({ queryKey: ['queues'] });
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('add.title')}
      description={t('add.hint')}
      width="md"
      footer={
        <>
          <Button onClick={onClose}>{t('add.cancel')}</Button>
          <Button variant="primary" type="submit" form="add-job">
            {t('add.confirm')}
          </Button>
        </>
      }
    >
      <form
        id="add-job"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          add().catch(reportError);
        }}
      >
        {refused && (
          <Notice tone="danger" title={refused.message}>
            {refused.action}
          </Notice>
        )}
        <Select
          label={t('queue')}
          value={queue}
          options={queues.map((value) => ({ value, label: queueTitle(value) }))}
          onValueChange={setQueue}
        />
        {own !== null && (
          <Segmented
            label={t('edit.payload')}
            value={how}
            options={[
              { value: 'form', label: t('add.byForm') },
              { value: 'json', label: t('add.byJson') },
            ]}
            onValueChange={(next) => {
              if (next === 'json') setJson(text);
              setHow(next);
            }}
          />
        )}
        {own === null || how === 'json' ? (
          <PayloadField label={t('add.json')} text={json} onText={setJson} checked={checked} />
        ) : (
          <PayloadForm
            queue={own}
            values={values}
            onValues={setValues}
            problems={checked.ok || !asked ? [] : checked.problems}
          />
        )}
        <div className="grid grid-cols-3 gap-4">
          <TextField
            label={t('add.name')}
            hint={own === null ? undefined : t('add.nameHint')}
            error={asked && noName ? t('add.noName') : undefined}
            maxLength={200}
            placeholder={usualName}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Select
            label={t('add.priority')}
            value={priority === null ? 'usual' : String(priority)}
            options={[
              { value: 'usual', label: t('add.usual') },
              ...PRIORITIES.map((value) => ({
                value,
                label: priorityLabels[JobPrioritySchema.parse(Number(value))],
              })),
            ]}
            onValueChange={(value) =>
              setPriority(value === 'usual' ? null : JobPrioritySchema.parse(Number(value)))
            }
          />
          <NumberField label={t('add.delay')} min={0} value={delay} onValueChange={setDelay} />
        </div>
      </form>
    </Dialog>
  );
}
