import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CampaignDetail } from '@shared/contract/campaigns';
import type { StepRun } from '@shared/contract/schedules';
import { DEFAULT_FAILURE_SHARE } from '@shared/domain/campaign-safety';
import { CampaignId, JobId } from '@shared/domain/ids';
import { jobNames } from '@shared/domain/jobs';
import type { AdsappQueue } from '@shared/domain/queues';
import { AppFailure, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { JobAdder } from '../campaigns/jobs';
import type { LaunchInput } from '../campaigns/planning';
import type { AnyNewJob, Engine } from '../engine/engine';
import { parsePayload } from '../engine/payload';
import type { StepJobs } from '../engine/scheduler';
import { queueOfStep } from './repository';
import type { RunRow } from './runs/repository';

/** What steps are carried out with. */
export interface StepTools {
  readonly engine: Pick<Engine, 'queue'>;
  readonly queues: JobAdder;
  readonly campaigns: {
    launch(
      input: LaunchInput,
      actor: Actor,
    ): Promise<Result<{ readonly campaignId: CampaignId; readonly jobId: JobId | null }>>;
    get(campaignId: string, actor: Actor): Promise<Result<CampaignDetail>>;
  };
}

export type StepEnd = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** Away for now, which says nothing about the step: whoever walks the run comes again. */
const AWAY: ReadonlySet<AppError['code']> = new Set(['engine_unavailable', 'database_unavailable']);

/** Begins a step; safe to repeat, because its job and its campaign always have the same ids. */
export async function startStep(
  tools: StepTools,
  run: RunRow,
  index: number,
  jobs: Pick<StepJobs, 'parent'>,
): Promise<Result<Pick<StepRun, 'queue' | 'jobId' | 'campaignId'>>> {
  const current = run.steps[index];
  const actor = actorOf(run);
  if (current === undefined || !actor.ok) return actor.ok ? { ok: false, error: GONE } : actor;
  const { step } = current;
  const queue = queueOfStep(step);
  if (step.kind === 'campaign') {
    const { kind: _kind, name, ...input } = step;
    const launched = await tools.campaigns.launch(
      {
        ...input,
        name: `${name} · ${clockOf(run)}`,
        startAt: null,
        canary: false,
        stopAtFailureShare: DEFAULT_FAILURE_SHARE,
        overBudget: 'wait',
        unattended: true,
        id: campaignIdOf(run.id, index),
        parent: jobs.parent,
      },
      actor.value,
    );
    if (!launched.ok) return refused(launched.error);
    const { campaignId, jobId } = launched.value;
    return { ok: true, value: { queue, jobId, campaignId } };
  }
  const job = stepJob(run, index, step.queue, step.data, actor.value);
  if (!job.ok) return job;
  const priority = step.priority === undefined ? {} : { priority: step.priority };
  const jobId = await tools.queues.addJob({ ...job.value, ...priority, parent: jobs.parent });
  return { ok: true, value: { queue, jobId, campaignId: null } };
}

/** How a step that has begun ended; null while it has not. */
export async function endOfStep(
  tools: StepTools,
  run: RunRow,
  { queue, jobId, campaignId }: StepRun,
  jobs: Pick<StepJobs, 'outcome'>,
): Promise<StepEnd | null> {
  if (campaignId !== null) return endOfCampaign(tools, run, campaignId);
  if (queue === null || jobId === null) return { ok: false, problem: GONE.message };
  const told = await jobs.outcome(jobId);
  if (told !== undefined) return told.type === 'completed' ? endOfResult(told.result) : failed(told.reason);
  const job = await tools.engine.queue(queue).job(jobId);
  if (job === undefined) return failed('Its job was removed before it ended.');
  if (job.state === 'completed') return endOfResult(job.result);
  return job.state === 'failed' ? failed(job.failedReason ?? 'Its job has failed.') : null;
}

async function endOfCampaign(tools: StepTools, run: RunRow, campaignId: string): Promise<StepEnd | null> {
  const actor = actorOf(run);
  if (!actor.ok) return failed(actor.error.message);
  const found = await tools.campaigns.get(campaignId, actor.value);
  if (!found.ok) {
    if (AWAY.has(found.error.code)) throw new AppFailure(found.error);
    return failed('Its campaign was removed.');
  }
  const { state, outcome, problem } = found.value;
  if (state === 'cancelled') return failed('Its campaign was cancelled.');
  if (state === 'failed') return failed(problem ?? 'Its campaign has failed.');
  if (state !== 'completed') return null;
  return outcome === 'success' || outcome === 'partial_success'
    ? { ok: true }
    : failed('Most recipients of its campaign were not reached.');
}

const Status = z.object({ status: z.string() });

function endOfResult(result: unknown): StepEnd {
  const parsed = Status.safeParse(result);
  return parsed.success && parsed.data.status === 'partial_failure'
    ? failed('More of its job failed than succeeded.')
    : { ok: true };
}

const failed = (problem: string): StepEnd => ({ ok: false, problem });

/** The step's job as it is added, or what is wrong with its data. Whose it is comes from the schedule. */
export function stepJob(
  run: Pick<RunRow, 'id' | 'scheduleName'>,
  index: number,
  queue: AdsappQueue,
  data: Readonly<Record<string, unknown>>,
  actor: Pick<Actor, 'organizationId' | 'userId'>,
): Result<AnyNewJob> {
  const { organizationId, userId } = actor;
  const jobId = JobId.parse(`schedule-${run.id}-${index}`);
  const payload = { label: run.scheduleName, ...data, organizationId, userId };
  const parsed = parsePayload(queue, payload);
  if (!parsed.ok) return parsed;
  // The payload was parsed for this very queue; TypeScript does not follow that through the union.
  const job = { queue, name: jobNames[queue], data: parsed.value, jobId } as AnyNewJob;
  return { ok: true, value: job };
}

const GONE: AppError = { code: 'internal', message: 'What was to be done is not known any more.' };

/** What is away is thrown, so that it is tried again; everything else ends the step. */
function refused(error: AppError): Result<never> {
  if (AWAY.has(error.code)) throw new AppFailure(error);
  return { ok: false, error };
}

function actorOf({ organizationId, userId }: RunRow): Result<Actor> {
  if (userId !== null) return { ok: true, value: { organizationId, userId, via: 'system' } };
  const message = 'Whoever wrote this schedule was removed. Save it again, so that it acts for you.';
  return { ok: false, error: { code: 'not_configured', message } };
}

/** The same campaign for the same step of the same run, always. */
function campaignIdOf(runId: string, index: number): CampaignId {
  const hash = createHash('sha256').update(`${runId}/${index}`).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`];
  return CampaignId.parse([...parts, hash.slice(20, 32)].join('-'));
}

/** The due time as the clocks of the schedule show it: tells one run's campaign from another's. */
const clockOf = ({ dueAt, timeZone }: RunRow): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(dueAt);
