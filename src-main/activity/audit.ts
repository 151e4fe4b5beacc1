import type { Actor } from '@shared/rpc/define';

export interface AuditRecord {
  readonly actor: Actor;
  /** domain.verb, for example `queues.pause`. */
  readonly action: string;
  readonly target: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * Writes down who did what. Never rejects: an action that was done is not undone because its record
 * failed; the failure is logged instead.
 */
export type Audit = (record: AuditRecord) => Promise<void>;
