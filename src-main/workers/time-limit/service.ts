import type { TimeLimit } from '@shared/contract/workers';
import { queueDefaults } from '@shared/domain/queues';
import { fail, ok, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../../activity/audit';
import type { Database } from '../../database/database';
import { readTimeLimit, saveTimeLimit } from './repository';

export interface TimeLimitService {
  get(actor: Actor): Promise<TimeLimit>;
  /** Null: the default. */
  set(seconds: number | null, actor: Actor): Promise<Result<TimeLimit>>;
}

/** How long a run of a job may take: set in the database, from where the workers of all machines read it. */
export function createTimeLimitService(deps: {
  readonly database: Database;
  /** Where this machine's environment names a limit, it counts and cannot be changed. */
  readonly environmentSeconds: number | null;
  readonly audit: Audit;
}): TimeLimitService {
  const { database, environmentSeconds, audit } = deps;
  const get = async ({ organizationId }: Actor): Promise<TimeLimit> => {
    if (environmentSeconds !== null) return { seconds: environmentSeconds, origin: 'environment' };
    const seconds = await readTimeLimit(database, organizationId);
    return seconds === null
      ? { seconds: DEFAULT_SECONDS, origin: 'default' }
      : { seconds, origin: 'settings' };
  };
  return {
    get,
    async set(seconds, actor) {
      if (environmentSeconds !== null) return fail(SET_BY_ENVIRONMENT);
      await saveTimeLimit(database, actor, seconds);
      await audit({ actor, action: 'workers.set-time-limit', target: null, detail: { seconds } });
      return ok(await get(actor));
    },
  };
}

/** The guide's five minutes, the same for every queue. */
const DEFAULT_SECONDS = queueDefaults['bulk-messages'].timeoutMs / 1_000;

const SET_BY_ENVIRONMENT: AppError = {
  code: 'invalid_input',
  message: 'This is set by the environment variable ADSAPP_JOB_TIME_LIMIT and cannot be changed here.',
  action: 'Unset ADSAPP_JOB_TIME_LIMIT and restart to change it in Settings.',
  issues: [{ path: 'seconds', message: 'set by ADSAPP_JOB_TIME_LIMIT' }],
};
