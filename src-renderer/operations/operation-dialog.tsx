import { useCallback, useId, useState } from 'react';
import { MAX_PRIORITY, type Operation } from '@shared/contract/operations';
import { queueTitle } from '@shared/domain/queues';
import type { JobFilter } from '@shared/domain/job-filter';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { client } from '@renderer/platform/client';
import {
  Button,
  Checkbox,
  Dialog,
  ErrorState,
  Notice,
  NumberField,
  showToast,
  SkeletonLines,
  TextField,
} from '@renderer/ui';
import { useDebounced } from '@renderer/platform/use-debounced';
import { useSteady } from '@renderer/platform/use-steady';
import {
  type ActionDraft,
  emptyDraft,
  filterOf,
  type OperationType,
  type PatchDraft,
  readDraft,
} from './action-draft';
import { JsonDiff } from './json-diff';
import { MoveFields } from './move-fields';
import { usePreview } from './operation-queries';
import { PatchFields } from './patch-fields';
import { useOperationsText } from './operations-texts';

export interface OperationAsked {
  readonly type: OperationType;
  readonly filter: JobFilter;
  /** What is acted upon, in words: the cause. */
  readonly subject: string;
  /** Seconds until it begins, unless somebody wishes another time. */
  readonly hold?: number;
}

interface OperationDialogProps {
  asked: OperationAsked;
  onClose: () => void;
  onStarted: (operation: Operation) => void;
}

const DEFAULT_CANARY = 2;
/** Ms without a key until jobs are counted again. */
const PREVIEW_MS = 300;

/** The exact count and some of the jobs first; then why, how fast, and from when. */
export function OperationDialog({ asked, onClose, onStarted }: OperationDialogProps) {
  const t = useOperationsText();
  const format = useFormat();
  const form = useId();
  const { type, subject } = asked;
  const [draft, setDraft] = useState(() => emptyDraft(type));
  const filter = useSteady(filterOf(asked.filter, draft));
  const read = readDraft(draft);
  const action = useDebounced(useSteady(read.ok ? read.action : null), PREVIEW_MS);
  const preview = usePreview(action, filter);
  const [reason, setReason] = useState('');
  const [tooShort, setTooShort] = useState(false);
  const [rate, setRate] = useState<number | null>(null);
  const [hold, setHold] = useState<number | null>(asked.hold ?? 0);
  const [busy, setBusy] = useState(false);
  const count = read.ok ? (preview.data?.count ?? 0) : 0;
  const removes = type === 'remove' || type === 'drain';
  const change = useCallback((patch: PatchDraft) => setDraft((now) => ({ ...now, patch })), []);

  const start = async (): Promise<void> => {
    if (reason.trim().length < 3) {
      setTooShort(true);
      return;
    }
    if (!read.ok) return;
    setBusy(true);
    const { action } = read;
    const result = await client.operations.start({ action, filter, reason, rate, holdSeconds: hold ?? 0 });
    setBusy(false);
    if (result.ok) {
      onStarted(result.value);
      onClose();
    } else showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t(`dialog.${type}`)}
      description={subject}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            type="submit"
            form={form}
            variant={removes ? 'danger' : 'primary'}
            disabled={count === 0}
            busy={busy}
          >
            {t(`confirm.${type}`, { count, number: format.number(count) })}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          start().catch(reportError);
        }}
      >
        {type === 'patch' && <PatchFields filter={filter} draft={draft.patch} onDraft={change} />}
        {type === 'priority' && (
          <NumberField
            label={t('priority')}
            hint={t('priorityHint')}
            min={0}
            max={MAX_PRIORITY}
            value={draft.priority}
            onValueChange={(priority) => setDraft({ ...draft, priority })}
          />
        )}
        {type === 'move' && (
          <MoveFields filter={filter} to={draft.to} onTo={(to) => setDraft({ ...draft, to })} />
        )}
        {type === 'drain' && (
          <Checkbox
            label={t('delayedToo')}
            hint={t('delayedTooHint')}
            checked={draft.delayedToo}
            onCheckedChange={(delayedToo) => setDraft({ ...draft, delayedToo })}
          />
        )}
        {!read.ok ? null : preview.isError ? (
          <ErrorState error={toAppError(preview.error)} onRetry={() => void preview.refetch()} />
        ) : (
          <Matching preview={preview.data} />
        )}
        <TextField
          label={t('reason')}
          hint={t('reasonHint')}
          error={tooShort ? t('reasonShort') : undefined}
          value={reason}
          maxLength={500}
          onChange={(event) => {
            setReason(event.target.value);
            setTooShort(false);
          }}
        />
        {removes && <Notice>{t('kept')}</Notice>}
        {type === 'retry' && (
          <CanaryFields canary={draft.canary} onCanary={(canary) => setDraft({ ...draft, canary })} />
        )}
        <div className="grid grid-cols-2 gap-4">
          <NumberField
            label={t('rate')}
            hint={t('rateHint')}
            optional
            min={0.1}
            max={100_000}
            value={rate}
            onValueChange={setRate}
          />
          <NumberField
            label={t('hold')}
            hint={t('holdHint')}
            unit={t('seconds')}
            min={0}
            max={3_600}
            value={hold}
            onValueChange={setHold}
          />
        </div>
      </form>
    </Dialog>
  );
}

interface CanaryFieldsProps {
  readonly canary: ActionDraft['canary'];
  readonly onCanary: (canary: ActionDraft['canary']) => void;
}

function CanaryFields({ canary, onCanary }: CanaryFieldsProps) {
  const t = useOperationsText();
  return (
    <div className="flex flex-col gap-2">
      <Checkbox
        label={t('canary')}
        hint={t('canaryHint')}
        checked={canary !== null}
        onCheckedChange={(on) => onCanary(on ? { jobs: DEFAULT_CANARY, goOn: false } : null)}
      />
      {canary !== null && (
        <div className="flex flex-col gap-2 pl-6.5">
          <NumberField
            label={t('canaryJobs')}
            min={1}
            max={1_000}
            value={canary.jobs}
            onValueChange={(jobs) => onCanary({ ...canary, jobs: jobs ?? DEFAULT_CANARY })}
          />
          <Checkbox
            label={t('goOn')}
            checked={canary.goOn}
            onCheckedChange={(goOn) => onCanary({ ...canary, goOn })}
          />
        </div>
      )}
    </div>
  );
}

function Matching({ preview }: { preview: ReturnType<typeof usePreview>['data'] }) {
  const t = useOperationsText();
  const format = useFormat();
  if (preview === undefined)
    return (
      <div role="status" aria-label={t('counting')}>
        <SkeletonLines lines={4} />
      </div>
    );
  const { count, cancelled, sample, unfit } = preview;
  const changes = sample.flatMap(({ id, change }) => (change === null ? [] : [{ id, ...change }]));
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="text-sm">
        <strong>{count === 0 ? t('none') : t('exactly', { count, number: format.number(count) })}</strong>{' '}
        {cancelled > 0 && <span className="text-ink-2">{t('cancelled', { count: cancelled })}</span>}
      </p>
      {unfit.count > 0 && (
        <Notice tone="warning" title={t('unfit', { count: unfit.count, number: format.number(unfit.count) })}>
          {unfit.example}
        </Notice>
      )}
      {changes.length > 0 ? (
        <section aria-label={t('sample')} className="flex flex-col gap-2">
          {changes.slice(0, 2).map(({ id, before, after }) => (
            <div key={id}>
              <h3 className="mb-1 truncate font-mono text-xs text-ink-2">{id}</h3>
              <JsonDiff before={before} after={after} />
            </div>
          ))}
        </section>
      ) : (
        sample.length > 0 && (
          <section aria-label={t('sample')} className="rounded-md border border-line bg-sunken">
            <ul className="divide-y divide-line text-xs">
              {sample.slice(0, 4).map((job) => (
                <li key={`${job.queue}:${job.id}`} className="flex gap-3 px-3 py-1.5">
                  <span className="w-32 shrink-0 truncate text-ink-2">{queueTitle(job.queue)}</span>
                  <span className="w-40 shrink-0 truncate font-mono" title={job.id}>
                    {job.id}
                  </span>
                  <span className="min-w-0 flex-1 truncate text-ink-2" title={job.reason ?? undefined}>
                    {job.reason ?? job.name}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )
      )}
    </div>
  );
}
