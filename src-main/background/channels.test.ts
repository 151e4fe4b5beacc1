import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { clientWireOver, serverWireOver } from '@shared/rpc/duplex';
import { createMemoryDuplex } from '@shared/rpc/memory-wire';
import { describeRpcOver } from '../../e2e/fixtures/rpc-conformance';
import { splitChannels } from './channels';
import { threadPortDuplex } from './ports';

describeRpcOver('one channel of a message port', () => {
  const { port1, port2 } = new MessageChannel();
  const near = splitChannels(threadPortDuplex(port1));
  const far = splitChannels(threadPortDuplex(port2));
  return {
    client: clientWireOver(near.rpc, () => undefined),
    server: serverWireOver(far.rpc, () => undefined),
    sendRaw: (message) => near.rpc.post(message),
    sever: () => port2.close(),
    dispose: () => port1.close(),
  };
});

describe('channels over one pipe', () => {
  it('keeps the conversations apart, and what arrives before somebody listens', async () => {
    const [left, right] = createMemoryDuplex();
    const near = splitChannels(left);
    const far = splitChannels(right);
    near.control.post('start');
    near.database.post('query');
    near.rpc.post('call');
    left.post('noise');
    left.post(['unknown', 1]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    const heard: unknown[] = [];
    far.rpc.onMessage((message) => heard.push(`rpc ${String(message)}`));
    far.database.onMessage((message) => heard.push(`database ${String(message)}`));
    far.control.onMessage((message) => heard.push(`control ${String(message)}`));
    near.rpc.post('cancel');
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(heard).toEqual(['rpc call', 'database query', 'control start', 'rpc cancel']);
  });
});
