import { randomUUID } from 'node:crypto';
import { createPostgresBackend, createRedisBackend, Queue, type JobsOptions } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStage, profiles, type Stage } from '../../e2e/fixtures/campaign-stage';
import type { AlertRule, AlertRuleInput, AlertsLive, Incident } from '@shared/contract/alerts';
import type { AlertCondition } from '@shared/domain/alert-rules';
import type { Health } from '@shared/contract/common';
import { QueueName } from '@shared/domain/queues';
import { unwrap } from '@shared/errors';
import type { z } from 'zod';
import type { AuditRecord } from '../activity/audit';
import { bullPool } from '../engine/pglite-engine';
import { memoryJournal, memoryLogger, nothingDone } from '../engine/testing/processors';
import { until } from '../engine/testing/until';
import { createWorkerHost, type WorkerHost } from '../engine/worker-host';
import { createEngineMetricsRepository } from '../health/repository';
import { createHealthService } from '../health/service';
import type { BoardAlerts, NoticeBoard } from '../notices/announcer';
import type { Notice } from '../notices/wording';
import { createQueueMetricsRepository } from '../queues/repository';
import { createQueuesService, type QueuesService } from '../queues/service';
import { createAlerts, type Alerts } from './index';
import type { TellingChoice } from './telling';

type HealthValue = z.infer<typeof Health>;

/** A console that watches: what it told, and how its database is. */
interface Console {
  readonly alerts: Alerts;
  readonly notices: Notice[];
  readonly badges: number[];
  readonly trays: BoardAlerts[];
  readonly audit: AuditRecord[];
  readonly queues: QueuesService;
  choice: TellingChoice;
  live(): AlertsLive | undefined;
  setDatabase(state: HealthValue['state']): void;
  open(): Promise<Incident[]>;
  close(): Promise<void>;
}

const LONG_MS = 40_000;

describe.each(profiles)('alerts on the %s profile', (profile) => {
  let stage: Stage;
  let workers: WorkerHost;
  const consoles: Console[] = [];
  const queue = 'template-processing';

  beforeAll(async () => {
    stage = await openStage(profile);
    workers = await startWorkers();
  }, 120_000);
  afterEach(async () => {
    for (const each of consoles.splice(0)) await each.close();
    await stage.database.deleteFrom('alert_incidents').execute();
    await stage.database.deleteFrom('alert_rules').execute();
    await stage.database.deleteFrom('queue_metrics').execute();
    await stage.engine.queue(queue).cleanFailed(0);
    await stage.engine.queue('bulk-messages').cleanFailed(0);
    // What failed in one test is not heard in the next: all of them share an engine.
    await sleep(300);
  });
  afterAll(async () => {
    await workers.shutdown(0);
    await stage.close();
  });

  const startWorkers = async (): Promise<WorkerHost> => {
    const host = createWorkerHost({
      engine: stage.engine,
      processors: {
        ...nothingDone,
        'bulk-messages': () => Promise.resolve({ type: 'cancelled' }),
        [queue]: () =>
          Promise.resolve({
            type: 'failed',
            error: { code: 'not_configured', message: 'No such template.' },
            retry: false,
          }),
      },
      journal: memoryJournal(),
      logger: memoryLogger(),
      kind: 'worker',
      version: '0',
    });
    await host.start();
    return host;
  };

  const openConsole = (
    options: { readonly desktop?: boolean; readonly database?: HealthValue['state'] } = {},
  ) => {
    const { engine, database, actor } = stage;
    const notices: Notice[] = [];
    const badges: number[] = [];
    const trays: BoardAlerts[] = [];
    const audit: AuditRecord[] = [];
    const board: NoticeBoard = {
      notify: (notice) => notices.push(notice),
      setBadge: (count) => badges.push(count),
      setProgress: () => undefined,
      setAlerts: (alerts) => trays.push(alerts),
      onPause: () => () => undefined,
    };
    let state: HealthValue['state'] = options.database ?? 'up';
    const listeners = new Set<(health: HealthValue) => void>();
    const health = (): HealthValue => ({ state, since: new Date().toISOString(), problem: null });
    const queues = createQueuesService({
      ...{ engine, logger: stage.logger, organizationId: actor.organizationId },
      journal: memoryJournal(),
      repository: createQueueMetricsRepository(database),
      audit: () => Promise.resolve(),
      onWithdrawn: () => Promise.resolve(),
    });
    queues.start();
    const engineHealth = createHealthService({
      ...{ engine, logger: stage.logger, organizationId: actor.organizationId },
      repository: createEngineMetricsRepository(database),
    });
    let live: AlertsLive | undefined;
    const leaving = new AbortController();
    const made: Console = {
      live: () => live,
      ...{ notices, badges, trays, audit, queues },
      choice: { notifications: true, least: 'info', quiet: null, pausedUntil: null, tray: true },
      setDatabase(next) {
        state = next;
        for (const listener of listeners) listener(health());
      },
      alerts: createAlerts({
        ...{ database, engine },
        databaseHealth: {
          health,
          onHealth: (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
        identity: { organizationId: actor.organizationId, profileId: actor.userId, profileName: 'Op' },
        overview: (maxAgeMs) => queues.recentOverview(maxAgeMs),
        heardSince: (name, from) => queues.heardSince(name, from),
        vitals: (maxAgeMs) => engineHealth.vitals(maxAgeMs),
        board: options.desktop === false ? null : board,
        choice: () => made.choice,
        savePause: (pausedUntil) => {
          made.choice = { ...made.choice, pausedUntil };
        },
        audit: (record) => {
          audit.push(record);
          return Promise.resolve();
        },
        report: (what, error) => stage.logger.error(what, { error }),
        clearMs: 300,
        pace: { lookMs: 300, leastMs: 50, readMs: 250 },
      }),
      async open() {
        const { incidents } = unwrap(
          await made.alerts.handlers.incidents({ state: 'open', limit: 100 }, context()),
        );
        return incidents;
      },
      async close() {
        leaving.abort();
        await made.alerts.close();
        await queues.shutdown();
      },
    };
    const sink = { next: (value: AlertsLive) => void (live = value), end: () => undefined };
    void made.alerts.handlers.live({}, sink, { actor, signal: leaving.signal });
    consoles.push(made);
    return made;
  };
  const idOf = <T extends { readonly id: unknown }>(one: T | undefined): T['id'] => {
    if (one === undefined) throw new Error('There is none.');
    return one.id;
  };
  const context = () => ({ actor: stage.actor, signal: new AbortController().signal });
  const rule = (condition: AlertCondition, more: Partial<AlertRuleInput> = {}): AlertRuleInput => ({
    name: 'Mine',
    enabled: true,
    condition,
    forSeconds: 0,
    severity: 'critical',
    notify: true,
    ...more,
  });
  const standing = (threshold: number): AlertCondition => ({
    kind: 'failed-count',
    threshold,
    scope: { of: 'queue', queue },
  });
  /** Only these rules: what the shipped ones say about the same jobs is another test. */
  const withRules = async (one: Console, ...wanted: readonly AlertRuleInput[]): Promise<AlertRule[]> => {
    const { handlers } = one.alerts;
    one.alerts.start();
    const shipped = await until('the shipped rules', async () => {
      const { rules } = unwrap(await handlers.rules({}, context()));
      return rules.length > 0 && rules;
    });
    for (const { id, preset } of shipped)
      if (preset) unwrap(await handlers.removeRule({ ruleId: id }, context()));
    const saved: AlertRule[] = [];
    for (const input of wanted) saved.push(unwrap(await handlers.saveRule(input, context())));
    await until('the rules to be watched', () => {
      const watched = one.live()?.standings.map(({ ruleId }) => ruleId);
      return watched?.length === saved.length && saved.every(({ id }) => watched.includes(id));
    });
    return saved;
  };
  const fail = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        stage.engine.queue(queue).add({ name: 'process-template', data: payload() }),
      ),
    );
  const payload = () => ({
    organizationId: stage.actor.organizationId,
    userId: stage.actor.userId,
    templateId: randomUUID(),
    version: 1,
    contactIds: [],
  });

  it(
    'a breach that lasts becomes one incident, is told, and is over by itself',
    async () => {
      const one = openConsole();
      await withRules(one, rule(standing(3), { forSeconds: 2 }));
      await fail(4);
      const [incident] = await until(
        'an incident',
        async () => {
          const open = await one.open();
          return open.length > 0 && open;
        },
        LONG_MS,
      );
      expect(incident).toMatchObject({ kind: 'failed-count', subject: { type: 'queue', queue }, peak: 4 });
      expect(
        Date.parse(incident?.openedAt ?? '') - Date.parse(incident?.beganAt ?? ''),
      ).toBeGreaterThanOrEqual(2_000);
      const notice = await until('the notification', () => one.notices[0]);
      expect(notice).toMatchObject({
        title: `4 failed jobs stand in ${queue}`,
        to: `/alerts?id=${incident?.id}`,
      });
      expect(one.trays.at(-1)?.open).toHaveLength(1);

      // It gets worse just before it ends.
      await fail(2);
      await until('that it is worse', async () => (await one.open())[0]?.peak === 6, LONG_MS);
      await stage.engine.queue(queue).cleanFailed(0);
      const over = await until(
        'its end',
        async () => {
          const input = { state: 'resolved' as const, limit: 10 };
          return unwrap(await one.alerts.handlers.incidents(input, context())).incidents[0];
        },
        LONG_MS,
      );
      expect(over).toMatchObject({ id: incident?.id, resolution: 'cleared', peak: 6 });
      await until('that it is over is told', () => one.notices.some(({ title }) => title === 'Over: Mine'));
      expect(one.notices).toHaveLength(2);
    },
    2 * LONG_MS,
  );

  it(
    'the shipped rules tell of failures with the reason, and not of what somebody cancelled',
    async () => {
      const one = openConsole();
      one.alerts.start();
      const bulk = stage.engine.queue('bulk-messages');
      const data = { ...payload(), campaignId: randomUUID(), batchNo: 0, recipients: 1 };
      await bulk.add({ name: 'send-bulk-message', data });
      await until('the cancelled job to end', async () => (await bulk.counts()).failed === 1);
      await fail(1);
      const notice = await until('the notification', () => one.notices[0], LONG_MS);
      expect(notice.title).toBe(`A job of ${queue} has failed`);
      expect(notice.body).toContain('No such template.');
      await until('the badge', () => one.badges.at(-1) === 1, LONG_MS);
      unwrap(await one.alerts.handlers.failuresSeen({ queues: ['bulk-messages'] }, context()));
      expect(one.badges.at(-1)).toBe(1);
      unwrap(await one.alerts.handlers.failuresSeen({ queues: [queue] }, context()));
      await until('the badge without what was seen', () => one.badges.at(-1) === 0, LONG_MS);

      // Another run knows it too; what fails from then on is new.
      await one.close();
      consoles.splice(consoles.indexOf(one), 1);
      const again = openConsole();
      again.alerts.start();
      await fail(1);
      await until('the badge of what is new', () => again.badges.at(-1) === 1, LONG_MS);
    },
    4 * LONG_MS,
  );

  it(
    'two consoles open one incident, one of them tells, and neither ends what the other still sees',
    async () => {
      const one = openConsole();
      const [mine] = await withRules(one, rule(standing(2)));
      const other = openConsole();
      other.alerts.start();
      await fail(3);
      await until(
        'both to know of it',
        () => one.trays.at(-1)?.open.length === 1 && other.trays.at(-1)?.open.length === 1,
        LONG_MS,
      );
      const rows = await stage.database.selectFrom('alert_incidents').select(['id', 'rule_id']).execute();
      expect(rows.map(({ rule_id }) => rule_id)).toEqual([mine?.id]);
      await until('a notification', () => one.notices.length + other.notices.length > 0);
      expect(one.notices.length + other.notices.length).toBe(1);

      const [incident] = await one.open();
      unwrap(
        await other.alerts.handlers.acknowledge(
          { incidentId: idOf(incident), acknowledged: true },
          context(),
        ),
      );
      await until('the first one to know who took it on', () => one.trays.at(-1)?.open.length === 0, LONG_MS);
      const [taken] = await one.open();
      expect(taken).toMatchObject({ acknowledgedBy: 'Op', resolvedAt: null });
    },
    3 * LONG_MS,
  );

  it(
    'a server without a desktop leaves the telling to a desktop',
    async () => {
      const server = openConsole({ desktop: false });
      await withRules(server, rule(standing(1)));
      await fail(1);
      await until('the incident', async () => (await server.open()).length === 1, LONG_MS);
      const desktop = openConsole();
      desktop.alerts.start();
      await until('the notification', () => desktop.notices.length === 1, LONG_MS);
    },
    3 * LONG_MS,
  );

  it(
    'snooze, acknowledgement and notes stand after a restart; a snooze that ended is told again',
    async () => {
      const one = openConsole();
      await withRules(one, rule(standing(1)));
      await fail(1);
      await until('the notification', () => one.notices.length === 1, LONG_MS);
      const [incident] = await one.open();
      const { handlers } = one.alerts;
      const about = { incidentId: idOf(incident) };
      unwrap(await handlers.snooze({ ...about, minutes: 60 }, context()));
      unwrap(await handlers.note({ ...about, text: 'Looking at it.' }, context()));
      expect(one.audit.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['alerts.create-rule', 'alerts.snooze', 'alerts.note']),
      );
      await one.close();
      consoles.splice(consoles.indexOf(one), 1);

      const again = openConsole();
      again.alerts.start();
      await until('the incident', () => again.trays.at(-1)?.open.length === 1, LONG_MS);
      const [kept] = await again.open();
      expect(kept).toMatchObject({ id: incident?.id, notes: [{ by: 'Op', text: 'Looking at it.' }] });
      expect(Date.parse(kept?.snoozedUntil ?? '')).toBeGreaterThan(Date.now());
      expect(again.notices).toEqual([]);
      // The hour is over.
      await stage.database
        .updateTable('alert_incidents')
        .set({ snoozed_until: new Date() })
        .where('id', '=', idOf(incident))
        .execute();
      await until('the notification after the snooze', () => again.notices.length === 1, LONG_MS);
    },
    4 * LONG_MS,
  );

  it(
    'while telling is paused nothing is told, and afterwards what is still open',
    async () => {
      const one = openConsole();
      one.choice = { ...one.choice, pausedUntil: new Date(Date.now() + 3_600_000).toISOString() };
      await withRules(one, rule(standing(1)));
      await fail(1);
      await until('the incident', () => one.trays.at(-1)?.open.length === 1, LONG_MS);
      expect(one.notices).toEqual([]);
      unwrap(await one.alerts.handlers.pauseTelling({ minutes: null }, context()));
      await until('the notification', () => one.notices.length === 1, LONG_MS);
    },
    3 * LONG_MS,
  );

  it(
    'what begins while the database is away is told at once, and written when it is back',
    async () => {
      const one = openConsole();
      await withRules(one, rule(standing(1)));
      one.setDatabase('down');
      await fail(1);
      await until('the notification', () => one.notices.length === 1, LONG_MS);
      expect(await stage.database.selectFrom('alert_incidents').select('id').execute()).toEqual([]);
      const incident = one.trays.at(-1)?.open[0];
      const id = incident?.to.split('=')[1];
      one.setDatabase('up');
      await until(
        'the incident to be written',
        async () => {
          const rows = await stage.database.selectFrom('alert_incidents').select('id').execute();
          return rows[0]?.id === id;
        },
        LONG_MS,
      );
      expect(one.notices).toHaveLength(1);
    },
    3 * LONG_MS,
  );

  it(
    'a rule that changes ends its incidents, and a removed one comes back as it was',
    async () => {
      const one = openConsole();
      const [mine] = await withRules(one, rule(standing(1)));
      await fail(1);
      await until('the incident', async () => (await one.open()).length === 1, LONG_MS);
      const { handlers } = one.alerts;
      unwrap(await handlers.saveRule({ ...rule(standing(50)), ruleId: idOf(mine) }, context()));
      const { incidents } = unwrap(await handlers.incidents({ state: 'resolved', limit: 10 }, context()));
      expect(incidents).toMatchObject([{ resolution: 'rule' }]);
      unwrap(await handlers.removeRule({ ruleId: idOf(mine) }, context()));
      expect(unwrap(await handlers.rules({}, context())).rules).toEqual([]);
      expect(unwrap(await handlers.restoreRule({ ruleId: idOf(mine) }, context()))).toMatchObject({
        name: 'Mine',
      });
    },
    3 * LONG_MS,
  );

  it(
    'nobody works: told as such, and over when somebody does',
    async () => {
      const one = openConsole();
      await withRules(one, rule({ kind: 'no-workers', scope: { of: 'each' } }));
      await workers.shutdown(0);
      await fail(2);
      const notice = await until('the notification', () => one.notices[0], LONG_MS);
      expect(notice.title).toBe(`No worker takes the jobs of ${queue}`);
      workers = await startWorkers();
      await until('its end', async () => (await one.open()).length === 0, LONG_MS);
    },
    3 * LONG_MS,
  );

  /** As another program adds them, with options of its own. */
  const addAs = async (name: QueueName, count: number, opts: JobsOptions): Promise<void> => {
    const producer =
      stage.redisUrl === null
        ? new Queue(name, { connection: bullPool(stage.pool) }, createPostgresBackend)
        : new Queue(name, { connection: { url: stage.redisUrl } }, createRedisBackend);
    await producer.addBulk(
      Array.from({ length: count }, () => ({ name: 'process-template', data: payload(), opts })),
    );
    await producer.close();
  };
  /** Another program's queue, found, with its worker. */
  const found = async (name: string, work: (jobId: string) => Promise<void>) => {
    const reports = QueueName.parse(`${name}-${randomUUID().slice(0, 8)}`);
    await addAs(reports, 1, { delay: 3_600_000 });
    await stage.engine.findQueues();
    const worker = stage.engine.worker(reports, ({ id = '' }) => work(id), { concurrency: 1 });
    worker.on('error', () => undefined);
    return { reports, end: () => worker.close() };
  };
  const failures = (of: QueueName, threshold: number, windowMinutes = 5): AlertCondition => ({
    kind: 'failures',
    ...{ threshold, windowMinutes },
    scope: { of: 'queue', queue: of },
  });
  const opened = (one: Console, what: string) =>
    until(
      what,
      async () => {
        const [incident] = await one.open();
        return incident ?? false;
      },
      LONG_MS,
    );
  const gone: JobsOptions = { removeOnFail: true };

  it(
    'jobs that are removed as they fail count, with the reason, in a queue of ours and in one that was found',
    async () => {
      const { reports, end } = await found('reports', () => Promise.reject(new Error('no printer')));
      const one = openConsole();
      await withRules(one, rule(failures(queue, 3)), rule(failures(reports, 2)));
      await addAs(queue, 3, gone);
      expect(await opened(one, 'the incident of ours')).toMatchObject({
        subject: { type: 'queue', queue },
        peak: 3,
        detail: 'No such template.',
      });
      await addAs(reports, 2, gone);
      await until('the incident of theirs', async () => (await one.open()).length === 2, LONG_MS);
      const [theirs] = await one.open();
      expect(theirs).toMatchObject({ subject: { queue: reports }, peak: 2, detail: 'no printer' });
      for (const each of [queue, reports] as const)
        expect((await stage.engine.queue(each).counts()).failed).toBe(0);
      await end();
    },
    3 * LONG_MS,
  );

  it(
    'a retry takes no failure back, and an attempt that another follows is none',
    async () => {
      const seen = new Set<string>();
      const { reports, end } = await found('sheets', (id) =>
        seen.size < seen.add(id).size ? Promise.reject(new Error('no paper')) : Promise.resolve(),
      );
      const one = openConsole();
      await withRules(one, rule(failures(reports, 1)));
      await addAs(reports, 3, { attempts: 2 });
      await until(
        'the second attempts to end',
        async () => (await stage.engine.queue(reports).counts()).completed === 3,
        LONG_MS,
      );
      await addAs(reports, 2, { attempts: 1 });
      await until(
        'both to fail',
        async () => (await stage.engine.queue(reports).counts()).failed === 2,
        LONG_MS,
      );
      await until('both to be told', async () => (await one.open())[0]?.value === 2, LONG_MS);
      const { jobs } = await stage.engine
        .queue(reports)
        .jobs('failed', { start: 0, count: 10, order: 'oldest' });
      for (const { id } of jobs) await stage.engine.queue(reports).retry(id);
      await until(
        'both to end well',
        async () => (await stage.engine.queue(reports).counts()).completed === 5,
        LONG_MS,
      );
      // Longer than it takes to be over.
      await sleep(2_000);
      expect(await one.open()).toMatchObject([{ resolvedAt: null, value: 2, peak: 2 }]);
      await end();
    },
    4 * LONG_MS,
  );

  it(
    'what failed before a restart, before anybody watched, and since, is counted once',
    async () => {
      await fail(1);
      await until('it to stand', async () => (await stage.engine.queue(queue).counts()).failed === 1);
      const one = openConsole();
      await withRules(one, rule(failures(queue, 6)));
      // Of nobody watched until now, fewer than that says nothing.
      expect(one.live()?.standings).toMatchObject([{ phase: 'unknown', value: null }]);
      await addAs(queue, 2, gone);
      await fail(1);
      const heardBy = ({ queues }: Console): number =>
        queues.heardSince(queue, Date.now() - 300_000).stretches.reduce((sum, { failed }) => sum + failed, 0);
      await until('three to be heard', () => heardBy(one) >= 3, LONG_MS);
      // To begin anew takes longer than to hear of what has happened.
      await sleep(500);
      await one.close();
      consoles.splice(consoles.indexOf(one), 1);

      const again = openConsole();
      again.alerts.start();
      const before = await until('those before to be known again', () => heardBy(again) || false, LONG_MS);
      await addAs(queue, 1, gone);
      await until('one more to be heard', () => heardBy(again) === before + 1, LONG_MS);
      await sleep(1_000);
      expect(await again.open()).toEqual([]);
      await addAs(queue, 1, gone);
      expect(await opened(again, 'the incident')).toMatchObject({ value: 6, peak: 6 });
    },
    4 * LONG_MS,
  );

  it(
    'a share stands after a restart, as soon as most of its time was watched by somebody',
    async () => {
      const minute = Math.floor(Date.now() / 60_000) * 60_000;
      const kept = Array.from({ length: 11 }, (_, index) => ({
        ...{ organization_id: stage.actor.organizationId, queue_name: queue, job_name: '' },
        minute: new Date(minute - (index + 1) * 60_000),
        ...{ completed: 2, failed: 8, cancelled: index === 3 ? 8 : 0, watched_seconds: 60 },
      }));
      await stage.database.insertInto('queue_metrics').values(kept).execute();
      const one = openConsole();
      const share = { kind: 'failure-share', percent: 50, scope: { of: 'queue', queue } } as const;
      await withRules(
        one,
        rule({ ...share, windowMinutes: 10 }),
        rule({ ...share, windowMinutes: 60 }, { name: 'Of an hour' }),
      );
      const incident = await opened(one, 'the incident');
      expect(incident.peak).toBeGreaterThan(70);
      expect(incident.peak).toBeLessThan(80);
      const hour = one.live()?.standings.filter(({ ruleId }) => ruleId !== incident.ruleId);
      expect(hour).toMatchObject([{ phase: 'unknown' }]);
    },
    2 * LONG_MS,
  );
});
