import { OperationAction } from '@shared/contract/operations';
import { createDatabase } from '../../../database/database';
import { createPgPool } from '../../../database/pool';
import { createRedisEngine } from '../../../engine/redis-engine';
import { createOperations } from '..';

/** A console for tests that kill it: does something to the failed jobs of a queue slowly, and says how far it is. */
const [redisUrl = '', databaseUrl = '', organizationId = '', userId = '', queue = '', action = ''] =
  process.argv.slice(2);
const engine = createRedisEngine({ url: redisUrl });
const pool = createPgPool(databaseUrl, { max: 5, onError: () => undefined });
const quiet = { warn: (message: string) => process.stderr.write(`${message}\n`) };
const { service } = createOperations({
  database: createDatabase(pool),
  engine,
  organizationId,
  journal: { queued: () => Promise.resolve(), finished: () => Promise.resolve() },
  logger: quiet,
  audit: () => Promise.resolve(),
  onWithdrawn: () => Promise.resolve(false),
  leaseMs: 1_500,
});

async function main(): Promise<void> {
  await engine.ready();
  await engine.findQueues();
  const begun = await service.begin(
    {
      action: OperationAction.parse(JSON.parse(action)),
      filter: { queues: [queue], states: ['failed'] },
      reason: 'Killed in the middle',
      rate: 20,
      holdSeconds: 0,
    },
    { organizationId, userId, via: 'desktop' },
  );
  if (!begun.ok) throw new Error(begun.error.message);
  process.stdout.write(`begun ${begun.value.id}\n`);
  setInterval(() => {
    void engine.actions.tally(begun.value.id).then((done) => process.stdout.write(`done ${done}\n`));
  }, 20);
}

void main();
