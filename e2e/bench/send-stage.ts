import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '../../src-main/database/migrate';
import { createPgPool } from '../../src-main/database/pool';
import { createPgliteEngine, migrateEngine } from '../../src-main/engine/pglite-engine';
import { createRedisEngine } from '../../src-main/engine/redis-engine';
import { createGateways, SANDBOX_SETTINGS } from '../../src-main/providers/gateways';
import { stageOn, type Stage } from '../fixtures/campaign-stage';
import type { Servers } from './send-plan';

/** A console on these servers whose campaigns go to this provider; `perSecond` Infinity means no limit. */
export async function openConsole(
  engine: 'redis' | 'postgres',
  { databaseUrl, redisUrl }: Servers,
  to: { readonly providerUrl: string; readonly perSecond: number },
): Promise<Stage> {
  const pool = createPgPool(databaseUrl);
  await migrate(pool);
  if (engine === 'postgres') await migrateEngine(pool);
  const stage = await stageOn({
    pool,
    engine: engine === 'redis' ? createRedisEngine({ url: redisUrl }) : createPgliteEngine({ pool }),
    urls: { databaseUrl, redisUrl },
    end: () => pool.end(),
  });
  const { providerUrl: apiBaseUrl, perSecond } = to;
  stage.gateways.configure(
    createGateways({
      ...SANDBOX_SETTINGS,
      whatsapp: { mode: 'cloud-api', apiBaseUrl, phoneNumberId: '1', token: 'secret' },
      messagesPerSecond: perSecond,
    }).settings(),
  );
  return stage;
}

const POLL_MS = 50;

/**
 * Waits for the end of a campaign, and answers how long it took from its first job to its last outcome.
 * @throws where it ends in another way than with all recipients accepted
 */
export async function campaignMs({ pool }: Stage, campaignId: string, recipients: number): Promise<number> {
  for (;;) {
    const { rows } = await pool.query<{ state: string; reason: string | null; ms: number | null }>(
      `SELECT state, pause_reason AS reason, (extract(epoch FROM completed_at - started_at) * 1000)::float8 AS ms
         FROM campaigns WHERE id = $1`,
      [campaignId],
    );
    const [campaign] = rows;
    if (campaign?.state === 'completed' && campaign.ms !== null) {
      await assertAccepted(pool, campaignId, recipients);
      return campaign.ms;
    }
    if (campaign?.state !== 'running' && campaign?.state !== 'launching')
      throw new Error(`The campaign is ${String(campaign?.state)}: ${String(campaign?.reason)}`);
    await delay(POLL_MS);
  }
}

async function assertAccepted(pool: Stage['pool'], campaignId: string, recipients: number): Promise<void> {
  const { rows } = await pool.query<{ n: number }>(
    `SELECT count(*) AS n FROM deliveries WHERE campaign_id = $1 AND state = 'accepted'`,
    [campaignId],
  );
  if (rows[0]?.n !== recipients) throw new Error(`${String(rows[0]?.n)} of ${recipients} were accepted.`);
}
