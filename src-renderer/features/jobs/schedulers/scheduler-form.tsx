import { type ReactNode, useState } from 'react';
import { type JobScheduler, SchedulerId, SchedulerWhen } from '@shared/contract/job-schedulers';
import type { QueueName } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Combobox, Dialog, Notice, NumberField, Segmented, TextField } from '@renderer/ui';
import { checkPayload } from '../edit/payload-check';
import { PayloadField } from '../edit/payload-field';
import { useSchedulerActions } from './queries';
import { useSchedulersText } from './texts';

interface SchedulerFormProps {
  readonly queue: QueueName;
  /** A new one where it is not given. */
  readonly scheduler: JobScheduler | undefined;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

const SECOND = 1_000;
const FORM = 'job-scheduler';
/** Stands for the clock of whichever machine looks. */
const LOCAL = 'local';

/** When a scheduler makes jobs, and which. */
export function SchedulerForm({ queue, scheduler, onBack, onClose }: SchedulerFormProps): ReactNode {
  const t = useSchedulersText();
  const format = useFormat();
  const { save } = useSchedulerActions(queue);
  const before = scheduler?.when ?? null;
  const [id, setId] = useState(scheduler?.id ?? '');
  const [name, setName] = useState(scheduler?.name ?? '');
  const [kind, setKind] = useState<SchedulerWhen['kind']>(before?.kind ?? 'pattern');
  const [pattern, setPattern] = useState(before?.kind === 'pattern' ? before.pattern : '0 9 * * 1');
  const [zone, setZone] = useState(before?.kind === 'pattern' ? (before.timeZone ?? LOCAL) : format.timeZone);
  const [seconds, setSeconds] = useState(before?.kind === 'every' ? before.everyMs / SECOND : 300);
  const [text, setText] = useState(() => JSON.stringify(scheduler?.data ?? {}, null, 2));
  const [asked, setAsked] = useState(false);
  const payload = checkPayload(queue, text);
  const when = SchedulerWhen.safeParse(
    kind === 'every'
      ? { kind, everyMs: Math.round(seconds * SECOND) }
      : { kind, pattern, timeZone: zone === LOCAL ? null : zone },
  );
  const missing = (value: string): string | undefined =>
    asked && value.trim() === '' ? t('form.missing') : undefined;
  const problem = save.error === null ? undefined : toAppError(save.error);

  const submit = (): void => {
    setAsked(true);
    if (!payload.ok || !when.success || name.trim() === '' || !SchedulerId.safeParse(id).success) return;
    const mode = scheduler === undefined ? 'create' : 'change';
    save.mutate({ id, name, when: when.data, data: payload.data, mode }, { onSuccess: onBack });
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={scheduler === undefined ? t('form.new', { queue }) : t('form.edit', { id })}
      description={t('form.hint')}
      footer={
        <>
          <Button onClick={onBack}>{t('form.back')}</Button>
          <Button variant="primary" type="submit" form={FORM} busy={save.isPending}>
            {t('form.save')}
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {problem !== undefined && (
          <Notice tone="danger" title={problem.message}>
            {problem.code === 'invalid_input'
              ? problem.issues.map(({ message }) => message).join(' ')
              : problem.action}
          </Notice>
        )}
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label={t('head.id')}
            hint={t('form.idHint')}
            error={missing(id)}
            maxLength={200}
            disabled={scheduler !== undefined}
            value={id}
            onChange={(event) => setId(event.target.value)}
          />
          <TextField
            label={t('head.name')}
            hint={t('form.nameHint')}
            error={missing(name)}
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Segmented
          label={t('head.when')}
          value={kind}
          onValueChange={setKind}
          options={[
            { value: 'pattern', label: t('form.byPattern') },
            { value: 'every', label: t('form.byTime') },
          ]}
        />
        {kind === 'every' ? (
          <NumberField
            label={t('form.seconds')}
            min={1}
            error={when.success ? undefined : t('form.secondsRange')}
            value={seconds}
            onValueChange={(next) => setSeconds(next ?? 0)}
          />
        ) : (
          <div className="grid grid-cols-2 gap-4">
            <TextField
              label={t('form.pattern')}
              hint={t('form.patternHint')}
              error={missing(pattern)}
              mono
              maxLength={200}
              spellCheck={false}
              value={pattern}
              onChange={(event) => setPattern(event.target.value)}
            />
            <Combobox
              label={t('form.zone')}
              options={zonesOf(format.timeZone, zone, t('localZone'))}
              value={zone}
              onValueChange={(next) => {
                if (next !== null) setZone(next);
              }}
            />
          </div>
        )}
        <PayloadField label={t('form.payload')} text={text} onText={setText} checked={payload} rows={8} />
      </form>
    </Dialog>
  );
}

const zonesOf = (own: string, chosen: string, local: string) => {
  const zones = new Set([own, 'UTC', chosen, ...Intl.supportedValuesOf('timeZone')]);
  zones.delete(LOCAL);
  return [{ value: LOCAL, label: local }, ...[...zones].map((value) => ({ value, label: value }))];
};
