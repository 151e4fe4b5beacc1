import { setTimeout as pause } from 'node:timers/promises';
import type { CleanUp } from '@shared/contract/activity';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../audit';
import { CLEAN_UP, type CleaningRepository } from './repository';

/** Rows that one statement removes: some ten milliseconds, so that jobs are written down meanwhile. */
const BATCH_ROWS = 2_000;
const BETWEEN_BATCHES_MS = 20;

export interface CleaningDependencies {
  readonly repository: CleaningRepository;
  /** Adds up what is not added up yet: the figures of what is removed stay. */
  readonly addUp: (organizationId: string) => Promise<void>;
  readonly audit: Audit;
  readonly batchRows?: number;
}

/** Removes the rows of jobs that ended long ago. The audit log is never touched, and has an entry of it. */
export class CleaningService {
  /** One at a time: who comes meanwhile gets the answer of the one that runs. */
  private running: Promise<CleanUp> | null = null;
  private stopped = false;

  constructor(private readonly deps: CleaningDependencies) {}

  /** How many rows would go now, exactly, and what the last clean-up did. */
  async look(organizationId: string, days: number) {
    const { repository } = this.deps;
    const [{ rows, oldest }, last] = await Promise.all([
      repository.count(organizationId, days),
      repository.last(organizationId),
    ]);
    return {
      rows,
      oldest: oldest?.toISOString() ?? null,
      last: last === null ? null : { ...last, at: last.at.toISOString() },
    };
  }

  run(days: number, by: CleanUp['by'], actor: Actor): Promise<CleanUp> {
    this.running ??= this.clean(days, by, actor).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Lets the batch that runs end, begins no other, and waits for it. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running?.catch(() => undefined);
  }

  private async clean(days: number, by: CleanUp['by'], actor: Actor): Promise<CleanUp> {
    const { repository, addUp, audit, batchRows = BATCH_ROWS } = this.deps;
    let removed = 0;
    await addUp(actor.organizationId);
    try {
      while (!this.stopped) {
        const gone = await repository.remove(actor.organizationId, days, batchRows);
        removed += gone;
        if (gone < batchRows) break;
        await pause(BETWEEN_BATCHES_MS);
      }
    } finally {
      // Also where it broke off: what is gone is written down. The console's own visits only where they did something.
      if (removed > 0 || by === 'operator')
        await audit({ actor, action: CLEAN_UP, target: 'job_logs', detail: { days, removed, by } });
    }
    return { at: new Date().toISOString(), days, removed, by };
  }
}
