import { isAdsappQueue } from '@shared/domain/queues';
import { patchPayload, type PayloadPatch } from '@shared/domain/payload-patch';
import type { Patched, RefusalReason } from '../../engine/job-actions';
import { parseJson } from '../../engine/job-row';
import { parsePayload } from '../../engine/payload';
import type { SelectedJob } from '../../engine/selection';

export type PatchOutcome =
  | { readonly ok: true; readonly patched: Patched }
  | { readonly ok: false; readonly why: RefusalReason; readonly message: string };

/**
 * What a patch makes of a job's payload. Of ADSapp's queues the new one has to be one that a worker takes, and belongs
 * to whom it belonged before.
 */
export const patchJob = (job: Pick<SelectedJob, 'queue' | 'data'>, patch: PayloadPatch): PatchOutcome => {
  const before = parseJson(job.data);
  if (job.data === null || before === undefined)
    return unfit('patch-does-not-fit', 'The payload cannot be read as JSON.');
  const after = patchPayload(before, patch);
  if (!after.ok) return unfit('patch-does-not-fit', after.error.message);
  const { queue } = job;
  if (isAdsappQueue(queue)) {
    const payload = parsePayload(queue, after.value);
    if (!payload.ok) return unfit('patched-is-invalid', payload.error.message);
    const owner = parsePayload(queue, before);
    if (owner.ok && owner.value.organizationId !== payload.value.organizationId)
      return unfit('patched-is-invalid', 'The job would belong to another organization.');
  }
  return { ok: true, patched: { from: job.data, to: JSON.stringify(after.value) } };
};

const unfit = (why: RefusalReason, message: string): PatchOutcome => ({ ok: false, why, message });
