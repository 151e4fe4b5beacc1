import type { Health } from '@shared/contract/common';
import type { AppError } from '@shared/errors';
import { createClient } from '@shared/rpc/client';
import type { Client } from '@shared/rpc/define';
import { clientWireOver, type Duplex } from '@shared/rpc/duplex';
import type { Envelope } from '@shared/rpc/frames';
import { createReconnectingTransport, type Attempt } from '@shared/rpc/reconnecting-transport';
import { backgroundContract, type BackgroundContract } from './contract';
import { StartedMessage, type BackgroundProcess, type SpawnBackground, type StartMessage } from './control';
import { watchPulse } from './pulse';

export interface SupervisorOptions {
  readonly spawn: SpawnBackground;
  /** What the process is told at each start, as plain data. May hold secrets. */
  readonly config: () => unknown;
  /** Told of every exit that nobody asked for and of every message that makes no sense. */
  readonly report: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  /** How long a shutdown may take before the process is killed, in ms. Default 10,000. */
  readonly graceMs?: number;
}

/** The background process, whichever one runs now: it is started again when it ends by itself. */
export interface Background {
  /**
   * Calls wait for the first start; while the process is down they fail with `background_unavailable`.
   * Streams are opened again on each new process.
   */
  readonly client: Client<BackgroundContract>;
  health(): Health;
  onHealth(listener: (health: Health) => void): () => void;
  /** Calls `attach` with the port to the database of each process that is ready, the present one included. */
  onDatabase(attach: (port: Duplex) => void): void;
  /** Resolves once a process is ready; with an error where the first one cannot start. */
  started(): Promise<AppError | undefined>;
  /** Ends the process cleanly, by force after the grace period. It is not started again. */
  stop(): Promise<void>;
}

const unavailable = (message: string, action: string): Envelope => ({
  ok: false,
  error: { code: 'background_unavailable', message, action },
});

const answers = {
  notSent: unavailable(
    'The background process is not running, so nothing was done.',
    'It starts again by itself. Try again in a few seconds.',
  ),
  lostInFlight: unavailable(
    'The background process ended before the answer came.',
    'It starts again by itself. Check whether the action took effect before you repeat it.',
  ),
};

/** Starts the background process and keeps it running until `stop`. */
export const superviseBackground = (options: SupervisorOptions): Background => {
  const { spawn, report, graceMs = 10_000 } = options;
  const healthListeners = new Set<(health: Health) => void>();
  const databaseListeners: ((port: Duplex) => void)[] = [];
  let health: Health = { state: 'connecting', since: new Date().toISOString(), problem: null };
  let current: BackgroundProcess | undefined;
  let ready = false;
  let stopping = false;
  let settleStart: (error: AppError | undefined) => void = () => undefined;
  const started = new Promise<AppError | undefined>((resolve) => {
    settleStart = resolve;
  });

  const become = (state: Health['state'], problem: string | null): void => {
    if (health.state === state && health.problem === problem) return;
    health = { state, problem, since: new Date().toISOString() };
    for (const listener of healthListeners) listener(health);
  };

  const up = (process: BackgroundProcess): void => {
    ready = true;
    become('up', null);
    settleStart(undefined);
    for (const attach of databaseListeners) attach(process.channels.database);
  };

  const down = (error: AppError): void => {
    ready = false;
    become('down', error.message);
    settleStart(error);
  };

  /** One process: open when it says that it is ready, closed when it has ended. */
  const attempt = (): Attempt => {
    const process = spawn();
    current = process;
    const { control, rpc, database } = process.channels;
    const ended = createEnding();
    let refusal: AppError | undefined;
    let opened = (): void => undefined;

    process.onExit((code) => {
      for (const channel of [control, rpc, database]) channel.close();
      if (!stopping) report('The background process ended.', { code, reason: refusal?.message });
      if (current === process) current = undefined;
      down(refusal ?? exitError(code));
      ended.end();
    });
    control.onMessage((message) => {
      const parsed = StartedMessage.safeParse(message);
      if (!parsed.success) return report('The background process said something that makes no sense.');
      if (parsed.data.type === 'failed') {
        refusal = parsed.data.error;
        // It ends by itself; killed where it does not.
        setTimeout(() => process.kill(), graceMs).unref();
        return;
      }
      opened();
      up(process);
    });
    const start: StartMessage = { type: 'start', config: options.config() };
    control.post(start);

    const wire = clientWireOver(rpc, () => report('The background process sent a frame that is none.'));
    return {
      wire: {
        send: (frame) => wire.send(frame),
        onFrame: (receive) => wire.onFrame(receive),
        onClose: ended.onEnd,
      },
      onOpen: (listener) => {
        opened = listener;
      },
    };
  };

  const transport = createReconnectingTransport(attempt, answers);
  const client = createClient(backgroundContract, transport);
  const stopPulse = watchPulse(client, () => {
    report('The background process gave no sign of life for a minute and is started again.');
    current?.kill();
  });

  return {
    client,
    health: () => health,
    onHealth: (listener) => {
      healthListeners.add(listener);
      return () => healthListeners.delete(listener);
    },
    onDatabase: (attach) => {
      databaseListeners.push(attach);
      if (ready && current !== undefined) attach(current.channels.database);
    },
    started: () => started,
    stop: async () => {
      stopping = true;
      stopPulse();
      transport.stop();
      const process = current;
      if (process === undefined) return;
      const exited = new Promise<void>((resolve) => process.onExit(() => resolve()));
      const timer = setTimeout(() => process.kill(), graceMs);
      const result = await client.process.shutdown({});
      // Whatever it answered, the channel's end tells it that nobody needs it any more.
      if (!result.ok) report('The background process was asked to end.', { answer: result.error.code });
      for (const channel of Object.values(process.channels)) channel.close();
      await exited;
      clearTimeout(timer);
    },
  };
};

const exitError = (code: number | null): AppError => ({
  code: 'background_unavailable',
  message: `The background process ended (${code === null ? 'killed' : `code ${code}`}).`,
  action: 'It starts again by itself.',
});

/** Something that ends once, also for those who ask later. */
const createEnding = (): { end: () => void; onEnd: (listener: () => void) => void } => {
  const listeners: (() => void)[] = [];
  let over = false;
  return {
    end: () => {
      over = true;
      for (const listener of listeners) listener();
    },
    onEnd: (listener) => {
      if (over) listener();
      else listeners.push(listener);
    },
  };
};
