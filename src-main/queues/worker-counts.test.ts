import { expect, it } from 'vitest';
import { countWorkers } from './worker-counts';

it('counts a host that announces itself once, and others by their connections', () => {
  const hosts = [
    { host: 'mill-3', pid: 42, queues: [{ queue: 'bulk-messages', concurrency: 5, running: 0 }] },
  ] as const;
  const client = { queue: 'bulk-messages', address: '', connectedSeconds: 1 } as const;
  const clients = [
    { ...client, name: 'mill-3:42' },
    { ...client, name: null },
    { ...client, name: 'platform' },
  ];
  expect(countWorkers(hosts, clients).own.get('bulk-messages')).toBe(1);
  expect(countWorkers(hosts, clients).other?.get('bulk-messages')).toBe(2);
  expect(countWorkers(hosts, null).other).toBeNull();
});
