import type { ConsoleContract } from '@shared/contract';
import { fail, notFound, ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { AddJobOptions, QueuesService } from './service';

/** Queues over the contract. What the service throws as AppFailure becomes its value in the RPC server. */
export const createQueuesHandlers = (service: QueuesService): DomainHandlers<ConsoleContract['queues']> => ({
  overview: async () => ok(await service.overview()),
  live: (_input, sink, { signal }) => {
    const stop = service.watchOverview((overview) => sink.next(overview));
    signal.addEventListener('abort', stop, { once: true });
  },
  series: async ({ queue, minutes }) => ok(await service.series(queue, minutes)),
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
  remove: async ({ jobs }, { actor }) => ok(await service.removeMany(jobs, actor)),
  promote: async ({ jobs }, { actor }) => ok(await service.promoteMany(jobs, actor)),
  cancel: async ({ jobs }, { actor }) => ok(await service.cancelMany(jobs, actor)),
  failures: async ({ queue, start, count }) => ok(await service.failures(queue, start, count)),
  retryAllFailed: async ({ queue }, { actor }) => ok(await service.retryAllFailed(queue, actor)),
  cleanFailed: async ({ queue, olderThanMs }, { actor }) =>
    ok({ removed: await service.cleanFailedJobs(queue, olderThanMs, actor) }),
  health: async () => ok(await service.healthCheck()),
});
