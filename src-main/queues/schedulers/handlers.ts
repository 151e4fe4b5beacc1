import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../../activity/audit';
import type { Engine } from '../../engine/engine';

export interface SchedulersParts {
  readonly engine: Pick<Engine, 'queue'>;
  readonly audit: Audit;
}

/** BullMQ's schedulers over the contract; every change is written down. */
export const createJobSchedulersHandlers = ({
  engine,
  audit,
}: SchedulersParts): DomainHandlers<ConsoleContract['jobSchedulers']> => ({
  list: async ({ queue }) => ok(await engine.queue(queue).schedulers.list()),
  save: async ({ queue, mode, ...definition }, { actor }) => {
    await engine.queue(queue).schedulers.save(definition, mode);
    const { id, when } = definition;
    await audit({ actor, action: `jobSchedulers.${mode}`, target: `${queue} ${id}`, detail: { ...when } });
    return ok({});
  },
  run: async ({ queue, id }, { actor }) => {
    const jobId = await engine.queue(queue).schedulers.run(id);
    await audit({ actor, action: 'jobSchedulers.run', target: `${queue} ${id}`, detail: { jobId } });
    return ok({ jobId });
  },
  remove: async ({ queue, id }, { actor }) => {
    await engine.queue(queue).schedulers.remove(id);
    await audit({ actor, action: 'jobSchedulers.remove', target: `${queue} ${id}` });
    return ok({});
  },
});
