import { jobPayloads } from '@shared/domain/jobs';
import { isAdsappQueue, type QueueName } from '@shared/domain/queues';

export type CheckedPayload =
  /** `judged`: the console knows what belongs in. */
  | { readonly ok: true; readonly data: unknown; readonly judged: boolean }
  | { readonly ok: false; readonly problems: readonly string[]; readonly notJson: boolean };

const MAX_PROBLEMS = 8;

/**
 * A payload as text, judged by the same rules as a worker judges it; what belongs into a queue that is not ADSapp's
 * is not known, so any JSON is good there. Whom it belongs to the console fills in when it is saved.
 */
export function checkPayload(queue: QueueName, text: string): CheckedPayload {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { ok: false, notJson: true, problems: [error instanceof Error ? error.message : String(error)] };
  }
  if (!isAdsappQueue(queue)) return { ok: true, data, judged: false };
  const isRecord = typeof data === 'object' && data !== null && !Array.isArray(data);
  const parsed = jobPayloads[queue].safeParse(isRecord ? Object.assign({}, SOME_OWNER, data) : data);
  if (parsed.success) return { ok: true, data, judged: true };
  const problems = parsed.error.issues.slice(0, MAX_PROBLEMS).map(({ path, message }) => {
    const where = path.map(String).join('.');
    const what = message.endsWith('received undefined') ? 'is missing' : message;
    return where === '' ? what : `${where}: ${what}`;
  });
  return { ok: false, notJson: false, problems };
}

/** Stands in for who the job will belong to, which the console fills in when it is added. */
const SOME_OWNER = {
  organizationId: '00000000-0000-4000-8000-000000000000',
  userId: '00000000-0000-4000-8000-000000000000',
};
