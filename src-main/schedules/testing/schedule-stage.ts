import { openStage, type Profile, type Stage } from '../../../e2e/fixtures/campaign-stage';
import { campaignWorkers } from '../../../e2e/fixtures/campaign-worker';
import type { ScheduleInput, ScheduleRun, ScheduleStep } from '@shared/contract/schedules';
import { unwrap } from '@shared/errors';
import type { BullEngine } from '../../engine/bullmq-engine';
import { until } from '../../engine/testing/until';
import type { WorkerHost } from '../../engine/worker-host';
import { createSchedules, type Schedules } from '..';
import { withSchedules } from '../host';

/** Schedules on real stores, with a clock that a test may put forward. */
export interface ScheduleStage extends Stage {
  readonly schedules: Schedules;
  /** Puts the clock of schedules this many ms ahead of the engine's and the machine's. */
  ahead(ms: number): void;
  /** Another process's schedules on the same stores. */
  another(engine: BullEngine): Schedules;
  /** A worker host that also carries schedules; ended with the stage. */
  work(): Promise<WorkerHost>;
}

export async function openScheduleStage(profile: Profile): Promise<ScheduleStage> {
  const stage = await openStage(profile);
  let ahead = 0;
  const hosts: WorkerHost[] = [];
  const schedulesOn = (engine: BullEngine): Schedules =>
    createSchedules({
      database: stage.database,
      engine,
      queues: {
        addJob: (job) => engine.queue(job.queue).add(job),
        addFlow: (parent, children) => engine.addFlow(parent, children),
      },
      campaigns: stage.campaigns.service,
      audit: () => Promise.resolve(),
      logger: stage.logger,
      now: () => Date.now() + ahead,
    });
  const schedules = schedulesOn(stage.engine);
  return {
    ...stage,
    schedules,
    ahead: (ms) => {
      ahead = ms;
    },
    another: schedulesOn,
    work: async () => {
      const { engine, logger } = stage;
      const host = withSchedules(campaignWorkers({ ...stage, logger }), {
        ...{ engine, schedules, logger },
        noteDue: () => stage.campaigns.recovery.noteDue(),
      });
      hosts.push(host);
      await host.start();
      return host;
    },
    close: async () => {
      await Promise.all(hosts.map((host) => host.shutdown(0)));
      await stage.close();
    },
  };
}

/** A job of the template queue that fails for good where `templateId` is nobody's. */
export const templateStep = (templateId: string, contactIds: readonly string[]): ScheduleStep => ({
  kind: 'job',
  queue: 'template-processing',
  data: { templateId, version: 1, contactIds: [...contactIds] },
});

export const cron = (
  steps: readonly ScheduleStep[],
  pattern = '* * * * *',
  timeZone = 'UTC',
): ScheduleInput => ({
  name: 'Every minute',
  when: { kind: 'cron', pattern, timeZone },
  steps: [...steps],
  graceMinutes: 10,
  overlap: 'skip',
});

export const once = (steps: readonly ScheduleStep[], inMs: number): ScheduleInput => ({
  name: 'Once',
  when: { kind: 'once', at: new Date(Date.now() + inMs).toISOString(), timeZone: 'Europe/Berlin' },
  steps: [...steps],
  graceMinutes: 10,
  overlap: 'skip',
});

export const runsOf = async (stage: ScheduleStage, scheduleId: string): Promise<ScheduleRun[]> =>
  unwrap(await stage.schedules.service.runs(scheduleId, 50, stage.actor));

/** The schedule's latest run once it is in one of these states. */
export const runIn = (
  stage: ScheduleStage,
  scheduleId: string,
  ...states: readonly ScheduleRun['state'][]
): Promise<ScheduleRun> =>
  until(
    `a run that is ${states.join(' or ')}`,
    async () => {
      const [run] = await runsOf(stage, scheduleId);
      return run !== undefined && states.includes(run.state) ? run : undefined;
    },
    40_000,
  );
