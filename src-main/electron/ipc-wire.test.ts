import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { readServerFrame } from '@shared/rpc/server-frame';
import type { ClientWire, ServerWire } from '@shared/rpc/wire';
import type { RpcServer } from '@shared/rpc/server';
import { describeRpcOver } from '../../e2e/fixtures/rpc-conformance';
import { FROM_PAGE } from './ipc-channels';
import { createIpcServer, type IpcContents, type IpcEvent, type IpcFrame } from './ipc-wire';

// Electron's two ends in one process: messages are copied by structured cloning, as Electron does.

const actor = { organizationId: 'org-1', userId: 'user-1', via: 'desktop' } as const;
const SESSION = 'a'.repeat(32);
const OTHER_SESSION = 'b'.repeat(32);
const topFrame: IpcFrame = { url: 'app://bundle/index.html#/jobs', parent: null };

class FakeContents extends EventEmitter implements IpcContents {
  destroyed = false;
  readonly page = new EventEmitter();
  isDestroyed(): boolean {
    return this.destroyed;
  }
  send(_channel: string, ...args: unknown[]): void {
    const copies: unknown[] = structuredClone(args);
    setImmediate(() => this.page.emit('message', ...copies));
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('destroyed');
  }
}

const world = () => {
  const listeners: ((event: IpcEvent, ...args: unknown[]) => void)[] = [];
  const ours = new FakeContents();
  const refused: string[] = [];
  const server = createIpcServer({
    ipc: { on: (_channel, listener) => listeners.push(listener) },
    isOurs: (contents) => contents === ours,
    origins: ['app://bundle'],
    refused: (why) => refused.push(why),
  });
  const say = (
    session: unknown,
    message: unknown,
    { sender = ours, senderFrame = topFrame }: { sender?: FakeContents; senderFrame?: IpcFrame | null } = {},
  ): void => {
    const copies: unknown[] = structuredClone([session, message]);
    const event = {
      sender,
      senderFrame,
      reply: (channel: string, ...args: unknown[]) => sender.send(channel, ...args),
    };
    setImmediate(() => {
      for (const listener of listeners) listener(event, ...copies);
    });
  };
  const client = (session: string): ClientWire => ({
    send: (frame) => say(session, frame),
    onFrame: (receive) =>
      ours.page.on('message', (forSession: unknown, message: unknown) => {
        const frame = forSession === session ? readServerFrame(message) : undefined;
        if (frame !== undefined) receive(frame);
      }),
    onClose: (closed) => ours.on('destroyed', closed),
  });
  return { ours, refused, server, say, client };
};

/** A message takes one turn of the event loop each way. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** An RPC server that keeps the wires and frames it is given. */
const recording = () => {
  const wires: ServerWire[] = [];
  const frames: unknown[] = [];
  const closed: number[] = [];
  const rpc: RpcServer = {
    serve: (wire) => {
      const index = wires.push(wire);
      wire.onFrame((frame) => frames.push(frame));
      wire.onClose(() => closed.push(index));
    },
  };
  return { rpc, wires, frames, closed };
};

describeRpcOver('Electron’s IPC', async () => {
  const { ours, server, say, client } = world();
  const served = new Promise<ServerWire>((resolve) =>
    server.serve({ serve: (wire) => resolve(wire) }, actor),
  );
  const wire = client(SESSION);
  // A wire begins with the first message of a document.
  wire.send({ t: 'cancel', id: 1 });
  return {
    client: wire,
    server: await served,
    sendRaw: (message) => say(SESSION, message),
    sever: () => ours.destroy(),
    dispose: () => ours.destroy(),
  };
});

const call = { t: 'call', id: 1, path: 'a.b', input: {} } as const;

describe('who may speak to main', () => {
  it('listens on one channel', () => {
    const channels: string[] = [];
    createIpcServer({
      ipc: { on: (channel) => channels.push(channel) },
      isOurs: () => true,
      origins: [],
      refused: () => undefined,
    });
    expect(channels).toEqual([FROM_PAGE]);
  });

  it.each<[string, IpcFrame | null]>([
    ['another site', { url: 'https://evil.example/', parent: null }],
    ['a file', { url: 'file:///etc/passwd', parent: null }],
    ['a data page', { url: 'data:text/html,x', parent: null }],
    ['an empty page', { url: 'about:blank', parent: null }],
    ['a host that begins alike', { url: 'app://bundle.evil/index.html', parent: null }],
    ['another host of our scheme', { url: 'app://other/index.html', parent: null }],
    ['our origin as a user name', { url: 'app://bundle@evil/index.html', parent: null }],
    ['our host under another scheme', { url: 'https://bundle/', parent: null }],
    ['a frame inside our page', { url: 'app://bundle/index.html', parent: topFrame }],
    ['a frame that is gone', null],
  ])('refuses %s, loudly, and answers that it is forbidden', async (_who, senderFrame) => {
    const { server, say, ours, refused } = world();
    const { rpc, frames, wires } = recording();
    server.serve(rpc, actor);
    const answers: unknown[] = [];
    ours.page.on('message', (_session, answer) => answers.push(answer));
    say(SESSION, call, { senderFrame });
    say(SESSION, { t: 'open', id: 2, path: 'a.b' }, { senderFrame });
    say(SESSION, { t: 'cancel', id: 2 }, { senderFrame });
    await settle();
    expect(frames).toEqual([]);
    expect(wires).toEqual([]);
    expect(refused).toHaveLength(3);
    expect(answers).toMatchObject([
      { t: 'result', id: 1, result: { ok: false, error: { code: 'forbidden' } } },
      { t: 'end', id: 2, result: { ok: false, error: { code: 'forbidden' } } },
    ]);
  });

  it('refuses web contents that it did not make, even at our address', async () => {
    const { server, say, refused } = world();
    const { rpc, frames } = recording();
    server.serve(rpc, actor);
    say(SESSION, call, { sender: new FakeContents() });
    await settle();
    expect(frames).toEqual([]);
    expect(refused).toEqual(['a message of web contents that are not ours']);
  });

  it.each<[string, unknown, unknown]>([
    ['no frame', SESSION, undefined],
    ['a frame of an unknown kind', SESSION, { ...call, t: 'eval' }],
    ['a huge path', SESSION, { ...call, path: 'x'.repeat(121) }],
    ['a fractional id', SESSION, { ...call, id: 1.5 }],
    ['no session', undefined, call],
    ['a session that is no text', { toString: 'x' }, call],
    ['a session of another length', 'a', call],
  ])('refuses %s', async (_what, session, message) => {
    const { server, say, refused } = world();
    const { rpc, frames } = recording();
    server.serve(rpc, actor);
    say(session, message);
    await settle();
    expect(frames).toEqual([]);
    expect(refused).toEqual(['a message that is no frame']);
  });
});

describe('a window and its documents', () => {
  it('keeps what was asked before there was anybody to answer', async () => {
    const { server, say } = world();
    say(SESSION, call);
    await settle();
    const { rpc, frames } = recording();
    server.serve(rpc, actor);
    expect(frames).toEqual([call]);
  });

  it('ends everything of a document when the next one speaks: ids begin anew', async () => {
    const { server, say } = world();
    const { rpc, frames, closed, wires } = recording();
    server.serve(rpc, actor);
    say(SESSION, call);
    await settle();
    say(OTHER_SESSION, call);
    await settle();
    expect(closed).toEqual([1]);
    expect(wires).toHaveLength(2);
    expect(frames).toEqual([call, call]);
  });

  it('ends everything when the page dies', async () => {
    const { server, say, ours } = world();
    const { rpc, closed } = recording();
    server.serve(rpc, actor);
    say(SESSION, call);
    await settle();
    ours.emit('render-process-gone');
    expect(closed).toEqual([1]);
  });

  it('sends nothing to a window that is gone', async () => {
    const { server, say, ours } = world();
    const { rpc, wires } = recording();
    server.serve(rpc, actor);
    say(SESSION, call);
    await settle();
    const heard: unknown[] = [];
    ours.page.on('message', (message) => heard.push(message));
    ours.destroy();
    wires[0]?.send({ t: 'next', id: 1, value: 1 });
    await settle();
    expect(heard).toEqual([]);
  });
});
