import type { Overview, OverviewFrame, QueueOverview } from '../contract/queues';
import type { QueueName } from './queues';

/**
 * Tells one watcher what is new since it was told last: of hundreds of queues a few change at a time, and the others
 * are not to be checked, copied and compared ten times a second. The first frame holds all of them.
 */
export function overviewTeller(): (overview: Overview) => OverviewFrame {
  let told = new Map<QueueName, QueueOverview>();
  let order: readonly QueueName[] | undefined;
  return ({ at, engine, queues }) => {
    const changed = queues.filter((queue) => !isSame(told.get(queue.name), queue));
    const isOrder = order?.length === queues.length && queues.every(({ name }, i) => name === order?.[i]);
    if (!isOrder) order = queues.map(({ name }) => name);
    told = new Map(queues.map((queue) => [queue.name, queue]));
    return { at, engine, order: isOrder ? null : [...(order ?? [])], changed };
  };
}

/** The overview after a frame. What did not change stays the same object, up to the whole within one second. */
export function withFrame(before: Overview | undefined, frame: OverviewFrame): Overview {
  const { at, changed } = frame;
  const engine = before && isSame(before.engine, frame.engine) ? before.engine : frame.engine;
  const queues = queuesAfter(before?.queues ?? [], frame);
  const isAsBefore = before?.queues === queues && before.engine === engine && changed.length === 0;
  return isAsBefore && secondOf(before.at) === secondOf(at) ? before : { at, engine, queues };
}

const secondOf = (at: string): string => at.slice(0, 19);

function queuesAfter(before: QueueOverview[], { order, changed }: OverviewFrame): QueueOverview[] {
  if (order === null && changed.length === 0) return before;
  const news = new Map(changed.map((queue) => [queue.name, queue]));
  if (order === null) return before.map((queue) => news.get(queue.name) ?? queue);
  const known = new Map(before.map((queue) => [queue.name, queue]));
  return order.flatMap((name) => news.get(name) ?? known.get(name) ?? []);
}

/** Of plain data, as JSON has it. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(b);
  if (Object.keys(a).length !== keys.length) return false;
  return keys.every((key) => isSame(Reflect.get(a, key), Reflect.get(b, key)));
}
