import type { OperationAction } from '@shared/contract/operations';
import type { JobFilter } from '@shared/domain/job-filter';
import type { QueueName } from '@shared/domain/queues';
import { patchBetween, PayloadPatch } from '@shared/domain/payload-patch';

/** What is asked for. Draining is the removal of what waits in one queue. */
export type OperationType = OperationAction['type'] | 'drain';

/** What somebody fills in before an operation begins; what does not belong to its type is not looked at. */
export interface ActionDraft {
  readonly type: OperationType;
  /** Null: all at once. */
  readonly canary: { readonly jobs: number; readonly goOn: boolean } | null;
  readonly priority: number | null;
  readonly patch: PatchDraft;
  /** Of a move: the queue; null until it is chosen. */
  readonly to: QueueName | null;
  /** Of draining: also what is not due yet. */
  readonly delayedToo: boolean;
}

/** A change of payloads: made on an example, or written as a JSON Patch. */
export type PatchDraft =
  | { readonly how: 'example'; readonly before: string; readonly after: string }
  | { readonly how: 'patch'; readonly text: string };

/** The action, or what still has to be filled in. */
export type ReadDraft =
  | { readonly ok: true; readonly action: OperationAction }
  | {
      readonly ok: false;
      readonly problem: 'priority' | 'queue' | 'unchanged' | 'notJson' | 'notPatch';
      readonly detail: string;
    };

export const emptyDraft = (type: OperationType): ActionDraft => ({
  type,
  canary: null,
  priority: null,
  patch: { how: 'example', before: '', after: '' },
  to: null,
  delayedToo: false,
});

/** The jobs that are meant, with what the draft says about them. */
export const filterOf = (filter: JobFilter, { type, delayedToo }: ActionDraft): JobFilter =>
  type === 'drain' ? { ...filter, states: delayedToo ? ['waiting', 'delayed'] : ['waiting'] } : filter;

/** The operation that a draft stands for. */
export function readDraft({ type, canary, priority, patch, to }: ActionDraft): ReadDraft {
  switch (type) {
    case 'retry':
      return {
        ok: true,
        action: {
          type,
          canary: canary && { jobs: canary.jobs, goOn: canary.goOn ? 'when-all-succeed' : 'when-asked' },
        },
      };
    case 'remove':
    case 'drain':
      return { ok: true, action: { type: 'remove', keep: true } };
    case 'move':
      return to === null ? { ok: false, problem: 'queue', detail: '' } : { ok: true, action: { type, to } };
    case 'promote':
      return { ok: true, action: { type } };
    case 'priority':
      return priority === null
        ? { ok: false, problem: 'priority', detail: '' }
        : { ok: true, action: { type, priority } };
    case 'patch': {
      const read = readPatch(patch);
      return 'problem' in read ? { ok: false, ...read } : { ok: true, action: { type, patch: read.patch } };
    }
  }
}

type ReadPatch =
  | { readonly patch: PayloadPatch }
  | { readonly problem: 'unchanged' | 'notJson' | 'notPatch'; readonly detail: string };

/** The patch that a change of payloads stands for. */
export function readPatch(draft: PatchDraft): ReadPatch {
  if (draft.how === 'example') {
    const after = parsed(draft.after);
    if (!after.ok) return { problem: 'notJson', detail: after.detail };
    const patch = patchBetween(JSON.parse(draft.before), after.value);
    return patch === null ? { problem: 'unchanged', detail: '' } : { patch };
  }
  const written = parsed(draft.text);
  if (!written.ok) return { problem: 'notJson', detail: written.detail };
  const patch = PayloadPatch.safeParse(written.value);
  if (patch.success) return { patch: patch.data };
  const [issue] = patch.error.issues;
  return {
    problem: 'notPatch',
    detail: issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`,
  };
}

type Parsed =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string };

function parsed(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
