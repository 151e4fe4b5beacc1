import { setImmediate } from 'node:timers/promises';
import type { ConsoleContract } from '@shared/contract';
import { overviewTeller } from '@shared/domain/overview-frames';
import { fail, notFound, ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { AddJobOptions, QueuesService } from './service';

/** Characters of a job's text that go over the wire at once. */
const TEXT_PIECE = 128 * 1024;

/** Queues over the contract. What the service throws as AppFailure becomes its value in the RPC server. */
export const createQueuesHandlers = (service: QueuesService): DomainHandlers<ConsoleContract['queues']> => ({
  overview: async () => ok(await service.overview()),
  live: (_input, sink, { signal }) => {
    const tell = overviewTeller();
    const stop = service.watchOverview((overview) => sink.next(tell(overview)));
    signal.addEventListener('abort', stop, { once: true });
  },
  find: async () => ok({ queues: [...(await service.findQueues())] }),
  glance: () => {
    service.glance();
    return Promise.resolve(ok({}));
  },
  limits: async () => ok({ queues: await service.limits() }),
  setLimits: async ({ queue, ...limits }, { actor }) => {
    await service.setLimits(queue, limits, actor);
    return ok({});
  },
  pause: async ({ queue }, { actor }) => {
    await service.pauseQueue(queue, actor);
    return ok({});
  },
  resume: async ({ queue }, { actor }) => {
    await service.resumeQueue(queue, actor);
    return ok({});
  },
  jobs: async ({ queue, state, start, count, order }) =>
    ok(await service.jobs(queue, state, { start, count, order })),
  job: async ({ queue, jobId }) => {
    const job = await service.getJob(queue, jobId);
    return job === undefined ? fail(notFound('job', jobId)) : ok(job);
  },
  jobLogs: async ({ queue, jobId, start, count }) => ok(await service.logs(queue, jobId, start, count)),
  jobText: async ({ queue, jobId, part }, sink, { signal }) => {
    const text = (await service.text(queue, jobId, part)) ?? '';
    for (let at = 0; at < text.length && !signal.aborted; at += TEXT_PIECE) {
      sink.next({ text: text.slice(at, at + TEXT_PIECE), total: text.length });
      // Megabytes at once would hold up everything else on this wire.
      await setImmediate();
    }
    sink.end();
  },
  jobChildren: async ({ queue, jobId, ...page }) => ok(await service.children(queue, jobId, page)),
  jobChanges: (job, sink, { signal }) => {
    const stop = service.watchJob(job, () => sink.next({ at: new Date().toISOString() }));
    signal.addEventListener('abort', stop, { once: true });
  },
  findJob: async ({ jobId }) => ok({ jobs: await service.findJob(jobId) }),
  add: async ({ queue, name, data, priority, delayMs }, { actor }) => {
    const options: AddJobOptions = {
      ...(priority !== undefined && { priority }),
      ...(delayMs !== undefined && { delayMs }),
    };
    return ok({ jobId: await service.addFor(actor, queue, name, data, options) });
  },
  retry: async ({ jobs }, { actor }) => ok(await service.retryMany(jobs, actor)),
  editAndRetry: async ({ data, ...job }, { actor }) => {
    await service.editAndRetry(job, data, actor);
    return ok({});
  },
  remove: async ({ jobs }, { actor }) => ok(await service.removeMany(jobs, actor)),
  promote: async ({ jobs }, { actor }) => ok(await service.promoteMany(jobs, actor)),
  cancel: async ({ jobs }, { actor }) => ok(await service.cancelMany(jobs, actor)),
  failures: async ({ queue, start, count }) => ok(await service.failures(queue, start, count)),
  cleanFailed: async ({ queue, olderThanMs }, { actor }) =>
    ok({ removed: await service.cleanFailedJobs(queue, olderThanMs, actor) }),
  health: async () => ok(await service.healthCheck()),
});
