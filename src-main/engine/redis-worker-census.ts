import type { Redis } from 'ioredis';
import { QueueName } from '@shared/domain/queues';
import type { WorkerClient } from './engine';

/** What BullMQ puts behind the queue's part of a worker's connection name, before the worker's own name. */
const NAMED = ':w:';

/**
 * The workers that are connected to this Redis, by the names that BullMQ gives their connections. Null where the
 * server does not let one ask (some hosted ones do not).
 */
export const workerClients = async (client: Redis, prefix: string): Promise<WorkerClient[] | null> => {
  try {
    const list = String(await client.call('CLIENT', 'LIST', 'TYPE', 'normal'));
    const place = { prefix, database: client.options.db ?? 0 };
    return list.split('\n').flatMap((line) => workerOf(line, place));
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return null;
    throw error;
  }
};

/** The queues that are meant: those of other databases of the same server have other workers. */
interface Place {
  readonly prefix: string;
  readonly database: number;
}

/** A line of CLIENT LIST: `id=7 addr=10.0.0.5:4321 … name=bull:cXVldWU=:w:host:42 age=63 …`. */
export const workerOf = (line: string, { prefix, database }: Place): WorkerClient[] => {
  const fields = new Map(
    line.split(' ').map((field): [string, string] => {
      const at = field.indexOf('=');
      return [field.slice(0, at), field.slice(at + 1)];
    }),
  );
  const name = fields.get('name') ?? '';
  if (!name.startsWith(`${prefix}:`) || Number(fields.get('db')) !== database) return [];
  const [encoded, own] = splitOnce(name.slice(prefix.length + 1), NAMED);
  // A connection that is named after the queue alone is an unnamed worker's; `:qe` and others are none.
  if (!/^[A-Za-z\d+/]+=*$/.test(encoded)) return [];
  const queue = QueueName.safeParse(Buffer.from(encoded, 'base64').toString('utf8'));
  if (!queue.success) return [];
  return [
    {
      queue: queue.data,
      name: own ?? null,
      address: fields.get('addr') ?? '',
      connectedSeconds: Number(fields.get('age') ?? 0),
    },
  ];
};

const splitOnce = (text: string, separator: string): [string, string | undefined] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
};
