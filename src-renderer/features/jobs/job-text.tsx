import { useEffect, useState } from 'react';
import type { JobPart } from '@shared/contract/queues';
import type { JobId } from '@shared/domain/ids';
import type { QueueName } from '@shared/domain/queues';
import type { AppError } from '@shared/errors';
import { client } from '@renderer/platform/client';
import { ErrorState, Progress, SkeletonLines } from '@renderer/ui';
import { JsonTree } from '@renderer/ui/json-tree';
import { useJobsText } from './texts';

export interface JobText {
  /** Undefined until all of it is here; empty where the job has no such part. */
  readonly text: string | undefined;
  readonly received: number;
  readonly total: number;
  readonly error: AppError | undefined;
}

const nothing: JobText = { text: undefined, received: 0, total: 0, error: undefined };

interface JobTextRequest {
  queue: QueueName;
  jobId: JobId;
  part: JobPart;
  /** Changes when the part may have changed. */
  version: string;
}

/** One part of a job as JSON text, fetched in pieces when it is looked at. */
export function useJobText({ queue, jobId, part, version }: JobTextRequest): JobText & { again: () => void } {
  const [round, setRound] = useState(0);
  const [state, setState] = useState(nothing);

  useEffect(() => {
    const pieces: string[] = [];
    let received = 0;
    return client.queues.jobText(
      { queue, jobId, part },
      {
        next: ({ text, total }) => {
          pieces.push(text);
          received += text.length;
          // What is on screen stays until the new text is here.
          setState((last) => ({ ...last, received, total, error: undefined }));
        },
        end: (result) =>
          setState((last) =>
            result.ok
              ? { ...last, text: pieces.join(''), error: undefined }
              : { ...last, error: result.error },
          ),
      },
    );
  }, [queue, jobId, part, version, round]);

  return { ...state, again: () => setRound(round + 1) };
}

interface JobTreeProps extends JobTextRequest {
  label: string;
  openDepth?: number;
  /** Shown where the job has no such part. */
  none?: string;
}

/** One part of a job as a tree, whatever its size. */
export function JobTree({ label, openDepth = 3, none, ...request }: JobTreeProps) {
  const t = useJobsText();
  const { text, received, total, error, again } = useJobText(request);
  if (error && text === undefined) return <ErrorState error={error} onRetry={again} />;
  if (text === undefined) {
    if (total === 0) return <SkeletonLines lines={4} />;
    return <Progress label={t('panel.fetching', { part: label })} done={received} total={total} />;
  }
  if (text === '') return none === undefined ? null : <p className="text-sm text-ink-3">{none}</p>;
  return <JsonTree text={text} label={label} root={request.part} openDepth={openDepth} maxHeight={560} />;
}
