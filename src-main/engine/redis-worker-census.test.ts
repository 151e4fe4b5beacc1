import { expect, it } from 'vitest';
import { workerOf } from './redis-worker-census';

const line = (name: string): string =>
  `id=7 addr=10.0.0.5:51234 laddr=10.0.0.1:6379 fd=8 name=${name} age=63 idle=0 flags=b db=0 cmd=bzpopmin`;
const PLACE = { prefix: 'bull', database: 0 };
const encoded = Buffer.from('reports').toString('base64');

it('knows workers by the names that BullMQ gives their connections', () => {
  const worker = { queue: 'reports', address: '10.0.0.5:51234', connectedSeconds: 63 };
  expect(workerOf(line(`bull:${encoded}:w:mill-3:42`), PLACE)).toEqual([{ ...worker, name: 'mill-3:42' }]);
  expect(workerOf(line(`bull:${encoded}`), PLACE)).toEqual([{ ...worker, name: null }]);
});

it('takes no other connection for a worker', () => {
  for (const name of ['', 'adsapp-console', `other:${encoded}`, `bull:${encoded}:qe`, 'bull:', 'bull:***'])
    expect(workerOf(line(name), PLACE)).toEqual([]);
  expect(workerOf('', PLACE)).toEqual([]);
  // Of the same queue's name in another database of the server.
  expect(workerOf(line(`bull:${encoded}`), { ...PLACE, database: 3 })).toEqual([]);
});
