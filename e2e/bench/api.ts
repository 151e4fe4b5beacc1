import { z } from 'zod';
import { buildIfStale } from '../../scripts/build';
import { createPgPool, type Pool } from '../../src-main/database/pool';
import { adsappQueues } from '../../src-shared/domain/queues';
import { restClient, type Answer, type RestClient } from '../api/rest-client';
import { launchServe } from '../fixtures/serve';
import { startPostgres, startRedis } from '../fixtures/services';
import type { Bench } from './bench';
import { median, percentile } from './statistics';

/** What the seed guide promises, in ms. */
const GUIDE = { createMs: 100, statusMs: 50, statsMs: 200 };
const CONTACTS = 1_000;
/** Not counted: the first requests open connections and compile plans. */
const WARM_UP = 20;
const ROWS_A_STATEMENT = 20_000;
/** A day: created jobs wait, as most do when somebody asks for them. */
const DELAY_MS = 86_400_000;

const Created = z.object({ jobId: z.string() });

/**
 * The guide's three requests over loopback, one after the other: a campaign is created, its job asked for, and the
 * statistics read, on a private Redis and PostgreSQL with the history of a busy month.
 */
export const api: Bench = {
  summary: 'the REST API: creating a job, its status and the statistics, beside the figures of the guide',
  options: {
    logs: { help: 'rows of job_logs, spread over 30 days', default: 200_000 },
    requests: { help: 'counted requests of each kind', default: 300 },
    recipients: { help: 'contacts of each created job', default: 10 },
  },
  async run({ option, progress, resources }) {
    await buildIfStale();
    const redis = await startRedis();
    resources.add(redis.dispose);
    const postgres = await startPostgres();
    resources.add(postgres.dispose);
    const databaseUrl = await postgres.createDatabase();
    const serve = await launchServe({ env: { REDIS_URL: redis.url, DATABASE_URL: databaseUrl } });
    resources.add(serve.stop);
    const pool = createPgPool(databaseUrl);
    resources.add(() => pool.end());
    const contactIds = await seed(pool, option('logs'), progress);

    const rest = restClient(serve);
    const create: number[] = [];
    const status: number[] = [];
    const stats: number[] = [];
    for (let request = -WARM_UP; request < option('requests'); request += 1) {
      const from = (request + WARM_UP) % (CONTACTS - option('recipients'));
      const body = {
        contactIds: contactIds.slice(from, from + option('recipients')),
        messageContent: 'Hello {{name|there}}, your order is ready!',
        delay: DELAY_MS,
      };
      const made = await timed(() => rest.post('/api/jobs/bulk-message', body), 202);
      const { jobId } = Created.parse(made.answer.body);
      const asked = await timed(() => rest.ask(`/api/jobs/${jobId}`), 200);
      const read = await timed(() => rest.ask('/api/jobs/stats'), 200);
      if (request < 0) continue;
      create.push(made.ms);
      status.push(asked.ms);
      stats.push(read.ms);
      if ((request + 1) % 50 === 0) progress(`${request + 1} of ${option('requests')} requests of each kind`);
    }
    await mustCount(rest, option('logs') + option('requests') + WARM_UP);
    return {
      engine: 'redis',
      results: {
        jobLogs: option('logs'),
        requests: option('requests'),
        createP95Ms: percentile(create, 0.95),
        statusP95Ms: percentile(status, 0.95),
        statsP95Ms: percentile(stats, 0.95),
        createMedianMs: median(create),
        statusMedianMs: median(status),
        statsMedianMs: median(stats),
      },
      peers: GUIDE,
    };
  },
};

async function timed(
  ask: () => ReturnType<RestClient['ask']>,
  wanted: number,
): Promise<{ ms: number; answer: Answer }> {
  const started = performance.now();
  const answer = await ask();
  const ms = performance.now() - started;
  if (answer.status !== wanted)
    throw new Error(`The API answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return { ms, answer };
}

/** Contacts to write to, and the history of a month. Answers the contacts' ids. */
async function seed(pool: Pool, logs: number, progress: (message: string) => void): Promise<string[]> {
  const contacts = await pool.query<{ id: string }>(
    `INSERT INTO contacts (organization_id, phone, name)
     SELECT id, '+9665' || lpad(n::text, 8, '0'), 'Contact ' || n
       FROM (SELECT id FROM organizations LIMIT 1) AS own, generate_series(1, $1::int) AS n RETURNING id`,
    [CONTACTS],
  );
  for (let done = 0; done < logs; done += ROWS_A_STATEMENT) {
    await pool.query(
      `INSERT INTO job_logs (job_id, job_type, queue_name, job_name, organization_id, user_id, status, result,
                             error_details, created_at, started_at, completed_at, attempts_made)
       SELECT 'bench-' || n, type, type, type, own.id, own.user_id,
              CASE WHEN n % 20 = 0 THEN 'failed' ELSE 'completed' END, '{"successCount": 100, "failedCount": 0}',
              CASE WHEN n % 20 = 0 THEN jsonb_build_object('code', 'E' || n % 7, 'message', 'refused') END,
              at, at, at + make_interval(secs => 0.05 * (1 + n % 400)), 1
         FROM generate_series($1::int, $2::int) AS n,
              LATERAL (SELECT ($3::text[])[1 + n % 4] AS type,
                              now() - make_interval(secs => 29 * 86400.0 * n / $4::int) AS at) AS job,
              (SELECT organizations.id, profiles.id AS user_id FROM organizations
                 JOIN profiles ON profiles.organization_id = organizations.id LIMIT 1) AS own`,
      [done + 1, Math.min(logs, done + ROWS_A_STATEMENT), [...adsappQueues], logs + 1],
    );
    progress(`${Math.min(logs, done + ROWS_A_STATEMENT)} of ${logs} rows of job_logs`);
  }
  await pool.query('ANALYZE job_logs');
  return contacts.rows.map(({ id }) => id);
}

/** Figures that were fast because they are wrong are worth nothing. */
async function mustCount(rest: RestClient, least: number): Promise<void> {
  const { body } = await rest.ask('/api/jobs/stats');
  const { total } = z
    .object({ historicalStats: z.object({ total: z.number() }) })
    .parse(body).historicalStats;
  if (total < least) throw new Error(`The statistics count ${total} jobs of at least ${least}.`);
}
