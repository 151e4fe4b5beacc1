import type { z } from 'zod';
import {
  MAX_RUN_CONTACTS,
  type RenderedContact,
  type ResultFilter,
  type TemplateRun,
  type templateRuns,
} from '@shared/contract/template-runs';
import type { Download } from '@shared/contract/common';
import { fail, notFound, ok, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../../activity/audit';
import type { FileExchange } from '../../files/exchange';
import type { TemplateRepository } from '../repository';
import { exportResults } from './export';
import type { RunJobs } from './jobs';
import { RUN_BATCH_SIZE } from './limits';
import type { RunRow, TemplateRunRepository } from './repository';
import { runOf } from './view';

export interface TemplateRunServiceDependencies {
  readonly runs: TemplateRunRepository;
  readonly templates: Pick<TemplateRepository, 'find' | 'version'>;
  readonly jobs: RunJobs;
  readonly files: FileExchange;
  readonly audit: Audit;
}

type Start = z.output<(typeof templateRuns)['start']['input']>;

const LISTED = 50;
/** Results are kept this long, and of every organization no more runs than this. */
const DAYS_KEPT = 30;
const RUNS_KEPT = 50;
/** A run this young may still be adding its jobs. */
const SETTLE_MS = 30_000;

/** Templates rendered for an audience, in the background, with the results kept to be looked at. */
export function createTemplateRunService(deps: TemplateRunServiceDependencies) {
  const { runs, templates, jobs, files, audit } = deps;

  const withRun = async <T>(
    runId: string,
    actor: Actor,
    act: (row: RunRow) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const row = await runs.find(actor.organizationId, runId);
    return row === null ? fail(notFound('run', runId)) : act(row);
  };
  const get = (runId: string, actor: Actor): Promise<Result<TemplateRun>> =>
    withRun(runId, actor, (row) => Promise.resolve(ok(runOf(row, Date.now()))));

  const cancel = async (row: RunRow): Promise<boolean> => {
    if (!(await runs.stop(row.id, 'cancelled', null))) return false;
    await jobs.withdraw(row, await runs.openBatches(row.id));
    return true;
  };

  return {
    get,

    /** Freezes the audience and queues its batches. */
    async start({ templateId, version, audience }: Start, actor: Actor): Promise<Result<TemplateRun>> {
      const template = await templates.find(actor.organizationId, templateId);
      if (template === null) return fail(notFound('template', templateId));
      const chosen = version ?? template.version;
      if ((await templates.version(actor.organizationId, templateId, chosen)) === null) {
        return fail(notFound('version', String(chosen)));
      }
      const { organizationId, userId: createdBy } = actor;
      const frozen = await runs.freeze(
        { organizationId, templateId, version: chosen, channel: template.channel, audience, createdBy },
        { batchSize: RUN_BATCH_SIZE, most: MAX_RUN_CONTACTS },
      );
      const row = frozen.runId === null ? null : await runs.find(organizationId, frozen.runId);
      if (row === null) return fail(frozen.contacts === 0 ? nobody : tooMany);
      await audit({
        actor,
        action: 'templates.render',
        target: templateId,
        detail: { version: chosen, contacts: frozen.contacts },
      });
      await jobs.ensure(row, await runs.openBatches(row.id), { retry: false });
      return ok(runOf(row, Date.now()));
    },

    async list(templateId: string | undefined, actor: Actor): Promise<TemplateRun[]> {
      const rows = await runs.list(actor.organizationId, templateId, LISTED);
      return rows.map((row) => runOf(row, Date.now()));
    },

    results: (
      runId: string,
      filter: ResultFilter,
      page: { readonly start: number; readonly count: number },
      actor: Actor,
    ): Promise<Result<{ total: number; rows: RenderedContact[] }>> =>
      withRun(runId, actor, async (row) => {
        const isAll = Object.values(filter).every((value) => value === undefined || value === '');
        const total = isAll ? row.done : await runs.countResults(runId, filter);
        return ok({ total, rows: await runs.results(runId, filter, page) });
      }),

    exportFile: (
      runId: string,
      filter: ResultFilter,
      format: 'xlsx' | 'csv',
      actor: Actor,
    ): Promise<Result<Download>> =>
      withRun(runId, actor, async (row) => ok(await exportResults({ files, runs }, row, filter, format))),

    cancel: (runId: string, actor: Actor): Promise<Result<TemplateRun>> =>
      withRun(runId, actor, async (row) => {
        if (!(await cancel(row))) return fail(over(row));
        await audit({ actor, action: 'templates.cancel-render', target: row.templateId });
        return get(runId, actor);
      }),

    resume: (runId: string, actor: Actor): Promise<Result<TemplateRun>> =>
      withRun(runId, actor, async (row) => {
        if (!(await runs.resume(runId))) return fail(over(row));
        await jobs.ensure(row, await runs.openBatches(runId), { retry: true });
        await runs.completeIfDone(runId);
        return get(runId, actor);
      }),

    remove: (runId: string, actor: Actor): Promise<Result<Record<string, never>>> =>
      withRun(runId, actor, async () => {
        if (await runs.remove(actor.organizationId, runId)) return ok({});
        return fail({
          code: 'conflict',
          message: 'It is still rendering.',
          action: 'Cancel it first, then remove it.',
        });
      }),

    /** An operator took one of its jobs out of the queue: the run is cancelled, with what it has. */
    async jobWithdrawn(organizationId: string, runId: string): Promise<void> {
      const row = await runs.find(organizationId, runId);
      if (row !== null) await cancel(row);
    },

    /** Brings runs together with their jobs after a crash, and forgets old ones. */
    async recover(): Promise<void> {
      await runs.forget(new Date(Date.now() - DAYS_KEPT * 24 * 60 * 60 * 1_000), RUNS_KEPT);
      for (const row of await runs.unfinished(new Date(Date.now() - SETTLE_MS))) {
        const problem = await jobs.ensure(row, await runs.openBatches(row.id), { retry: false });
        if (problem === null) await runs.completeIfDone(row.id);
        else await runs.stop(row.id, 'failed', problem);
      }
    },
  };
}
export type TemplateRunService = ReturnType<typeof createTemplateRunService>;

const nobody: AppError = {
  code: 'invalid_input',
  message: 'Nobody belongs to this audience.',
  action: 'Choose another audience.',
  issues: [{ path: 'audience', message: 'Nobody belongs to this audience.' }],
};

const tooMany: AppError = {
  code: 'invalid_input',
  message: `More than ${MAX_RUN_CONTACTS.toLocaleString('en-GB')} recipients belong to this audience.`,
  action: 'Choose a smaller audience, by tag or by import.',
  issues: [{ path: 'audience', message: 'Too many recipients.' }],
};

const over = (row: RunRow): AppError => ({
  code: 'conflict',
  message: row.state === 'running' ? 'It is still rendering.' : `It is ${row.state} already.`,
});
