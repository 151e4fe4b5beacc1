import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { AlertService } from './service';
import type { AlertWatch } from './watch';

export interface AlertHandlerParts {
  readonly service: AlertService;
  readonly watch: Pick<AlertWatch, 'follow' | 'live'>;
  readonly pauseTelling: (minutes: number | null) => void;
}

/** Alerts over the contract. */
export const createAlertHandlers = ({
  service,
  watch,
  pauseTelling,
}: AlertHandlerParts): DomainHandlers<ConsoleContract['alerts']> => ({
  live(_input, sink, { signal }) {
    const stop = watch.follow((live) => sink.next(live));
    signal.addEventListener('abort', stop, { once: true });
  },
  rules: async (_input, { actor }) => ok({ rules: await service.rules(actor) }),
  saveRule: async ({ ruleId, ...rule }, { actor }) => ok(await service.saveRule(ruleId, rule, actor)),
  async removeRule({ ruleId }, { actor }) {
    await service.removeRule(ruleId, actor);
    return ok({});
  },
  restoreRule: async ({ ruleId }, { actor }) => ok(await service.restoreRule(ruleId, actor)),
  incidents: async (input, { actor }) => ok(await service.incidents(input, actor)),
  incident: async ({ incidentId }, { actor }) => ok(await service.incident(incidentId, actor)),
  acknowledge: async ({ incidentId, acknowledged }, { actor }) =>
    ok(await service.acknowledge(incidentId, acknowledged, actor)),
  snooze: async ({ incidentId, minutes }, { actor }) => ok(await service.snooze(incidentId, minutes, actor)),
  note: async ({ incidentId, text }, { actor }) => ok(await service.note(incidentId, text, actor)),
  pauseTelling({ minutes }) {
    pauseTelling(minutes);
    return Promise.resolve(ok(watch.live().telling));
  },
  async failuresSeen({ queues }) {
    await service.failuresSeen(queues);
    return ok({});
  },
});
