import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { Client } from 'pg';
import type { RestClient } from '../e2e/api/rest-client';
import { createRedisEngine } from '../src-main/engine/redis-engine';

/** A picture: the address that it shows, and what is done there before it is taken. */
export interface Screen {
  readonly path: string;
  readonly act?: (page: Page) => Promise<void>;
}

export type Screens = Readonly<Record<string, Screen>>;

export interface SendingStage {
  readonly page: Page;
  readonly rest: RestClient;
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly contactIds: readonly string[];
}

/** Recovery looks every minute at what is due. */
const LOOKED_AT_MS = 240_000;
const TEXT = 'Good morning, {{name|there}}!';

/**
 * What sending shows when something stands in its way: paused, overdue, behind WhatsApp's limit, a held sender, and
 * schedules in every state. What takes a day is brought about in the database. Holds the sender: call it last.
 */
export async function sendingScreens(stage: SendingStage): Promise<Screens> {
  const { rest, contactIds } = stage;
  const database = new Client({ connectionString: stage.databaseUrl });
  await database.connect();
  try {
    const launch = async (name: string, more: object = {}): Promise<string> => {
      const body = { contactIds, messageContent: TEXT, missing: 'skip', name, ...more };
      return String((await rest.post('/api/jobs/bulk-message', body)).body['campaignId']);
    };
    const paused = await launch('Stock is back');
    await delay(4_000);
    await rest.post(`/api/campaigns/${paused}/pause`, {});
    await database.query(
      `UPDATE campaigns SET timed_out_runs = 2, timed_out_at = now(), timed_out_after_ms = 300000 WHERE id = $1`,
      [paused],
    );
    const overdue = await launch('Saturday opening', { delay: 86_400_000 });
    await limitTo250(stage.page);
    const waiting = await launchInParts(stage.page, database);
    await database.query(
      `UPDATE campaigns SET scheduled_at = now() - interval '3 hours', due_seen_at = NULL WHERE id = $1`,
      [overdue],
    );
    await until(database, `SELECT 1 FROM campaigns WHERE id = $1 AND state = 'paused'`, overdue);
    await until(
      database,
      `SELECT 1 FROM deliveries WHERE campaign_id = $1 AND waits_for = 'budget'`,
      waiting.now,
    );
    const schedules = await scheduleStates(rest, database);
    await holdSenders(stage.redisUrl, database);
    return {
      'compose-over-limit': { path: '/compose', act: (page) => askToSend(page, 'Tuesday news') },
      'campaign-paused': { path: `/campaigns?id=${paused}` },
      'campaign-overdue': { path: `/campaigns?id=${overdue}` },
      'campaign-scheduled': { path: `/campaigns?id=${waiting.later}` },
      'campaign-waiting': { path: `/campaigns?id=${waiting.now}` },
      'campaign-waiting-pass': {
        path: `/campaigns?id=${waiting.now}`,
        act: (page) => page.getByRole('button', { name: 'Send to them now…' }).click(),
      },
      'senders-held': { path: '/senders' },
      ...schedules,
    };
  } finally {
    await database.end();
  }
}

async function limitTo250(page: Page): Promise<void> {
  await open(page, '/settings');
  const card = page.locator('form', { has: page.getByLabel('People within 24 hours') });
  await card.getByLabel('People within 24 hours').click();
  await page.getByRole('option', { name: /^250\b/ }).click();
  await card.getByRole('button', { name: 'Set for all consoles' }).click();
  await page.getByText('The limit counts for all consoles and workers.').first().waitFor();
}

/** To the question what becomes of those who do not fit. */
async function askToSend(page: Page, name: string): Promise<void> {
  await page.getByLabel('Text', { exact: true }).fill(TEXT);
  await page.getByLabel('Name of the campaign').fill(name);
  await page.getByRole('button', { name: /^Send to .*…$/ }).click();
  await page.getByRole('alertdialog').waitFor();
}

/** One campaign in parts; the second begins at once, while the limit is used up. */
async function launchInParts(page: Page, database: Client): Promise<{ now: string; later: string }> {
  await open(page, '/compose');
  await askToSend(page, 'Morning news');
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Send to / })
    .click();
  await page.getByRole('heading', { level: 1, name: /^Morning news \(1 of / }).waitFor();
  const { rows } = await database.query<{ id: string }>(
    `SELECT id FROM campaigns WHERE name LIKE 'Morning news (%' ORDER BY scheduled_at NULLS FIRST LIMIT 3`,
  );
  const [now = '', later = ''] = rows.slice(1).map(({ id }) => id);
  await database.query('UPDATE campaigns SET scheduled_at = now(), due_seen_at = now() WHERE id = $1', [now]);
  return { now, later };
}

/** Schedules that wait, are paused, have ended, and runs that failed, were left out or ask. */
async function scheduleStates(rest: RestClient, database: Client): Promise<Screens> {
  const step = (name: string) => ({
    kind: 'campaign',
    name,
    audience: { kind: 'tags', tags: ['vip'] },
    message: { channel: 'whatsapp', body: TEXT },
  });
  const add = async (name: string, when: object): Promise<string> => {
    const added = await rest.post('/api/schedules', { name, when, steps: [step(name)] });
    return (added.body['schedule'] as { id: string }).id;
  };
  const daily = { kind: 'cron', pattern: '0 8 * * *', timeZone: 'Europe/Berlin' };
  const asking = await add('Daily digest', daily);
  const paused = await add('Summer offers', daily);
  await rest.post(`/api/schedules/${paused}/pause`, {});
  await rest.post(`/api/schedules/${asking}/run`, {});
  await delay(3_000);
  for (const [state, hours, problem] of [
    ['failed', 50, 'None of the 12 recipients could be sent to.'],
    ['skipped', 26, 'Left out: the run before it had not ended yet.'],
    ['overdue', 2, null],
  ] as const)
    await database.query(
      `INSERT INTO schedule_runs (organization_id, schedule_id, due_at, cause, state, steps, problem, ended_at)
       SELECT organization_id, schedule_id, now() - $3 * interval '1 hour', 'schedule', $2, jsonb_build_array(
                (steps -> 0) || jsonb_build_object('jobId', NULL, 'campaignId', NULL, 'startedAt', NULL,
                  'endedAt', NULL, 'state', CASE $2::text WHEN 'overdue' THEN 'waiting' ELSE $2::text END)), $4,
              CASE WHEN $2::text = 'overdue' THEN NULL ELSE now() - $3 * interval '1 hour' END
         FROM schedule_runs WHERE schedule_id = $1 ORDER BY due_at DESC LIMIT 1`,
      [asking, state, hours, problem],
    );
  // As a later version would write it.
  await database.query(
    `INSERT INTO schedule_runs (organization_id, schedule_id, due_at, cause, state, steps, ended_at)
     SELECT organization_id, schedule_id, now() - interval '3 days', 'schedule', 'succeeded',
            '[{"step": {"kind": "fax"}, "state": "succeeded"}]', now() - interval '3 days'
       FROM schedule_runs WHERE schedule_id = $1 LIMIT 1`,
    [asking],
  );
  await database.query(
    `INSERT INTO job_schedules (organization_id, user_id, name, job_type, job_name, job_data, schedule_type, schedule_config, is_active)
     SELECT organization_id, user_id, 'Fax on Fridays', job_type, job_name, '{"steps": [{"kind": "fax"}]}', schedule_type,
            schedule_config, FALSE FROM job_schedules WHERE id = $1`,
    [asking],
  );
  return {
    'schedules-asking': { path: `/schedules?id=${asking}` },
    'schedules-history': {
      path: `/schedules?id=${asking}`,
      act: (page) =>
        page.getByRole('heading', { name: 'History' }).evaluate((title) => title.scrollIntoView()),
    },
    'schedules-paused': { path: `/schedules?id=${paused}` },
    'schedules-states': { path: '/schedules' },
  };
}

/** As after a provider's word to wait, and after one that it was too fast. */
async function holdSenders(redisUrl: string, database: Client): Promise<void> {
  const engine = createRedisEngine({ url: redisUrl });
  try {
    await engine.ready();
    const { rows } = await database.query<{ line: string }>(
      `SELECT DISTINCT channel || ':' || address AS line FROM senders`,
    );
    for (const { line } of rows) {
      await engine.coordination.hold(line, 45 * 60_000);
      await engine.coordination.slowDown(line, 0.5, '130429');
    }
  } finally {
    await engine.close();
  }
}

async function until(database: Client, query: string, id: string): Promise<void> {
  const end = Date.now() + LOOKED_AT_MS;
  while ((await database.query(query, [id])).rows.length === 0) {
    if (Date.now() > end) throw new Error(`It never came to this: ${query}`);
    await delay(1_000);
  }
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#${path}`);
  await page.reload();
}
