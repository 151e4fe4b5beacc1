import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImportSummary } from '@shared/contract/imports';
import { type PostgresServer, startPostgres } from '../../e2e/fixtures/services';
import { jobIdOf } from './import-jobs';
import { moveImport } from './repository';
import { bundle } from './testing/bundle';
import type { ConsolePlan } from './testing/console-child';
import { openImportStage, type ImportStage } from './testing/import-stage';

/** Staged in several parts. */
const ROWS = 12_000;
/** Kills that strike before the end. */
const KILLS = 20;
const KILLS_AN_IMPORT = 4;
const VICTIMS = ['app', 'worker', 'database', 'console'] as const;
type Victim = (typeof VICTIMS)[number];

const seed = Number(process.env['ADSAPP_TEST_SEED'] ?? Date.now() % 1_000_000);

/** Mulberry32: the same points for the same seed. */
function randomNumbers(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** New phones, known ones, doubles and faults all over the file. */
const csv = ['phone,name,group,tags']
  .concat(
    Array.from({ length: ROWS }, (_, n) => {
      if (n % 97 === 0) return `broken,Person ${n},x,`;
      if (n % 53 === 0) return `+9665${10_000_000 + n - 1},Double ${n},x,`;
      return `+9665${10_000_000 + n},Person ${n},${n % 7},${n % 3 === 0 ? 'vip' : ''}`;
    }),
  )
  .join('\n');

let server: PostgresServer;
let stage: ImportStage;
let child: { path: string; dispose: () => Promise<void> };
const living = new Set<ChildProcess>();

beforeAll(async () => {
  server = await startPostgres();
  stage = await openImportStage('shared', { databaseUrl: await server.createDatabase() });
  child = await bundle('src-main/imports/testing/console-child.ts');
}, 60_000);
afterAll(async () => {
  for (const process of living) process.kill('SIGKILL');
  await stage.close();
  await child.dispose();
  await server.dispose();
});

async function forgetContacts(): Promise<void> {
  await stage.database.deleteFrom('contacts').execute();
  await stage.pool.query(
    `INSERT INTO contacts (organization_id, phone, name, tags)
     SELECT $1, '+9665' || (10000000 + n), 'Known', '{old}' FROM generate_series(0, ${ROWS}, 10) AS n`,
    [stage.actor.organizationId],
  );
}

/** An import that was started by a console that died right then. */
async function begun(name: string): Promise<ConsolePlan> {
  const draft = await stage.open(await stage.write(name, csv));
  await moveImport(stage.database, draft.id, ['draft'], 'staging', {
    columns: draft.columns.map(({ header, target }) => ({ header, target })),
    options: { ...draft.options, updateExisting: true },
    ...{ jobId: jobIdOf(draft.id), started: true },
  });
  const { organizationId, userId } = stage.actor;
  return {
    ...{ databaseUrl: stage.databaseUrl ?? '', redisUrl: stage.redisUrl ?? '' },
    ...{ folder: stage.folder, ...stage.threads, organizationId, userId },
    ...{ importId: draft.id, role: 'app' },
  };
}

async function live(plan: ConsolePlan, role: ConsolePlan['role']): Promise<ChildProcess> {
  const life = spawn(process.execPath, [child.path, JSON.stringify({ ...plan, role })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  living.add(life);
  life.once('exit', () => living.delete(life));
  await Promise.race([once(life.stdout, 'data'), once(life, 'exit')]);
  return life;
}

async function end(life: ChildProcess): Promise<void> {
  if (life.exitCode !== null || life.signalCode !== null) return;
  const ended = once(life, 'exit');
  life.kill('SIGKILL');
  await ended;
}

/** One life: everything works on the import for `ms`, then the victim is killed, and with it what is left over. */
async function killAfter(plan: ConsolePlan, victim: Victim, ms: number): Promise<void> {
  const roles =
    victim === 'worker' || victim === 'console' ? (['console', 'worker'] as const) : (['app'] as const);
  const lives = await Promise.all(roles.map((role) => live(plan, role)));
  await delay(ms);
  const others = lives.filter((_, index) => roles[index] !== victim);
  const struck = lives.filter((life) => !others.includes(life));
  if (victim === 'database') {
    await server.kill();
    await server.start();
    // It loses its connections, not its life.
    for (const { signalCode, exitCode } of lives) expect([signalCode, exitCode ?? 0]).toEqual([null, 0]);
  } else await Promise.all(struck.map(end));
  // What survived goes on for a while, as it would until the rest is back.
  await delay(ms / 4);
  await Promise.all(lives.map(end));
}

async function toTheEnd(plan: ConsolePlan): Promise<{ totals: ImportSummary['totals']; contacts: string }> {
  const life = await live(plan, 'app');
  if (life.exitCode === null) await once(life, 'exit');
  expect(life.exitCode).toBe(0);
  const { totals } = await stage.until(plan.importId, 'completed');
  const contacts = createHash('sha256')
    .update(JSON.stringify(await stage.contacts()))
    .digest('hex');
  return { totals, contacts };
}

it('is taken up by a console that started before the database did', async () => {
  await forgetContacts();
  const plan = await begun('database-away.csv');
  await server.kill();
  const life = await live(plan, 'app');
  await delay(200);
  expect([life.signalCode, life.exitCode]).toEqual([null, null]);
  await server.start();
  await once(life, 'exit');
  expect(life.exitCode).toBe(0);
  expect(await stage.until(plan.importId, 'completed')).toMatchObject({ totals: { read: ROWS } });
}, 60_000);

it(`is never lost, whoever is killed whenever (ADSAPP_TEST_SEED=${seed})`, async () => {
  const random = randomNumbers(seed);
  await forgetContacts();
  const startedAt = performance.now();
  const expected = await toTheEnd(await begun('undisturbed.csv'));
  // It includes the start of a process: more than half of it strikes until a little before the end.
  const longestLifeMs = 0.5 * (performance.now() - startedAt);
  const { read, inserted, updated, skipped, rejected } = expected.totals;
  expect(inserted + updated + skipped + rejected).toBe(read);
  expect(Math.min(inserted, updated, skipped, rejected)).toBeGreaterThan(0);

  const story: string[] = [];
  let strikes = 0;
  for (let imports = 0; strikes < KILLS; imports += 1) {
    await forgetContacts();
    const plan = await begun(`killed-${imports}.csv`);
    let isOver = false;
    for (let lives = 0; lives < KILLS_AN_IMPORT && !isOver; lives += 1) {
      const victim = VICTIMS[story.length % VICTIMS.length] ?? 'app';
      const ms = Math.round(random() * longestLifeMs);
      await killAfter(plan, victim, ms);
      const { state, totals } = await stage.until(
        plan.importId,
        ...(['staging', 'queued', 'running', 'failed', 'completed'] as const),
      );
      story.push(`${victim} after ${ms} ms: ${state}, ${totals.inserted + totals.updated} written`);
      isOver = state === 'completed';
      if (!isOver) strikes += 1;
    }
    const outcome = await toTheEnd(plan);
    expect(outcome, `ADSAPP_TEST_SEED=${seed}\n${story.join('\n')}`).toEqual(expected);
  }
  process.stderr.write(`${story.join('\n')}\n`);
  // A busy machine takes minutes: every life is a process of its own.
}, 600_000);
