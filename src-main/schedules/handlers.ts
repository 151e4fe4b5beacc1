import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { ScheduleService } from './service';

/** The contract's schedules, answered by the service. */
export const createScheduleHandlers = (
  service: ScheduleService,
): DomainHandlers<ConsoleContract['schedules']> => ({
  list: async (_input, { actor }) => ok(await service.list(actor)),
  get: ({ scheduleId }, { actor }) => service.get(scheduleId, actor),
  save: ({ scheduleId, ...input }, { actor }) => service.save(input, scheduleId, actor),
  pause: ({ scheduleId }, { actor }) => service.pause(scheduleId, actor),
  resume: ({ scheduleId }, { actor }) => service.resume(scheduleId, actor),
  runNow: ({ scheduleId }, { actor }) => service.runNow(scheduleId, actor),
  remove: ({ scheduleId }, { actor }) => service.remove(scheduleId, actor),
  restore: ({ scheduleId }, { actor }) => service.restore(scheduleId, actor),
  runs: async ({ scheduleId, limit }, { actor }) => {
    const found = await service.runs(scheduleId, limit, actor);
    return found.ok ? ok({ runs: found.value }) : found;
  },
  overdue: async (_input, { actor }) => ok(await service.overdue(actor)),
  decide: ({ runId, answer }, { actor }) => service.decide(runId, answer, actor),
});
