import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { JobDetail } from '@shared/contract/queues';
import { queueTitle } from '@shared/domain/queues';
import type { AppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { JsonDiff } from '@renderer/operations/json-diff';
import { client } from '@renderer/platform/client';
import { Button, Dialog, Notice, showToast, SkeletonLines } from '@renderer/ui';
import { useJobText } from '../job-text';
import { useJobsText } from '../texts';
import { checkPayload } from './payload-check';
import { PayloadField } from './payload-field';

interface EditJobDialogProps {
  job: JobDetail;
  how: 'edit' | 'duplicate';
  onClose: () => void;
}

/** Characters of a payload that can be edited: beyond, the box would hold everything up. */
const MAX_EDITED = 100_000;

/** Another payload for a failed job, or a new job with the payload of this one; what changes is seen first. */
export function EditJobDialog(props: EditJobDialogProps) {
  const t = useJobsText();
  const format = useFormat();
  const { job, how, onClose } = props;
  const source = useJobText({ queue: job.queue, jobId: job.id, part: 'data', version: job.state });
  const words = how === 'edit' ? 'title' : 'duplicateTitle';
  const before = laidOut(source.text);
  const tooLarge = before !== undefined && before.length > MAX_EDITED;
  if (before === undefined || tooLarge) {
    return (
      <Dialog open onOpenChange={onClose} title={t(`edit.${words}`)} width="lg">
        {source.error && <Notice tone="danger">{source.error.message}</Notice>}
        {tooLarge && (
          <Notice tone="warning">{t('edit.tooLarge', { size: format.number(before.length) })}</Notice>
        )}
        {!source.error && !tooLarge && <SkeletonLines lines={8} />}
      </Dialog>
    );
  }
  return <Editor {...props} before={before} title={t(`edit.${words}`)} />;
}

/** As people read it; a foreign producer's text that is not JSON as it is. */
function laidOut(text: string | undefined): string | undefined {
  if (text === undefined || text.length > MAX_EDITED) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Editor({
  job,
  how,
  onClose,
  before,
  title,
}: EditJobDialogProps & { before: string; title: string }) {
  const t = useJobsText();
  const cache = useQueryClient();
  const [text, setText] = useState(before);
  const [reviewing, setReviewing] = useState(false);
  const [refused, setRefused] = useState<AppError>();
  const [busy, setBusy] = useState(false);
  const checked = checkPayload(job.queue, text);
  const after = checked.ok ? JSON.stringify(checked.data, null, 2) : text;

  const run = async (): Promise<void> => {
    if (!checked.ok) return;
    setBusy(true);
    const { queue, id: jobId, name } = job;
    const result =
      how === 'edit'
        ? await client.queues.editAndRetry({ queue, jobId, data: checked.data })
        : await client.queues.add({ queue, name, data: checked.data });
    setBusy(false);
    if (!result.ok) {
      setRefused(result.error);
      return;
    }
    const id = 'jobId' in result.value ? result.value.jobId : jobId;
    const done = how === 'edit' ? t('edit.done') : t('add.done', { id, queue: queueTitle(queue) });
    showToast({ title: done, tone: 'success' });
    onClose();
    await cache.invalidateQueries({ queryKey: ['queues'] });
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={t(how === 'edit' ? 'edit.hint' : 'edit.duplicateHint')}
      width="lg"
      footer={
        reviewing ? (
          <>
            <Button onClick={() => setReviewing(false)}>{t('edit.back')}</Button>
            <Button variant="primary" busy={busy} onClick={() => void run().catch(reportError)}>
              {t(how === 'edit' ? 'edit.retry' : 'edit.add')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t('add.cancel')}</Button>
            <Button variant="primary" disabled={!checked.ok} onClick={() => setReviewing(true)}>
              {t('edit.review')}
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {refused && (
          <Notice tone="danger" title={refused.message}>
            {refused.action}
          </Notice>
        )}
        {reviewing ? (
          <JsonDiff before={before} after={after} />
        ) : (
          <PayloadField label={t('edit.payload')} text={text} onText={setText} checked={checked} />
        )}
      </div>
    </Dialog>
  );
}
