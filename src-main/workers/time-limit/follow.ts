import type { WorkerHost } from '../../engine/worker-host';

/** As often as a host says that it is there. */
const READ_EVERY_MS = 5_000;

export interface FollowedTimeLimit {
  /** In ms; null where each queue's default counts. */
  current(): number | null;
  /** The same host, which reads the limit from its start to its end. */
  around(host: WorkerHost): WorkerHost;
}

/**
 * The time limit of a run on this host: its own environment's, else the one that consoles set in the database,
 * which is read again and again, so that workers on other machines follow. A read that fails changes nothing.
 */
export function followTimeLimit(parts: {
  readonly environmentSeconds: number | null;
  readonly read: () => Promise<number | null>;
  readonly report: (error: unknown) => void;
  readonly everyMs?: number;
}): FollowedTimeLimit {
  const { environmentSeconds, read, report } = parts;
  let seconds = environmentSeconds;
  let timer: NodeJS.Timeout | undefined;
  let isReported = false;

  const look = async (): Promise<void> => {
    if (environmentSeconds !== null) return;
    try {
      seconds = await read();
      isReported = false;
    } catch (error) {
      if (!isReported) report(error);
      isReported = true;
    }
  };

  return {
    current: () => (seconds === null ? null : seconds * 1_000),
    around: (host) => ({
      ...bound(host),
      async start() {
        await look();
        timer = setInterval(() => void look(), parts.everyMs ?? READ_EVERY_MS).unref();
        await host.start();
      },
      shutdown: (drainMs) => {
        clearInterval(timer);
        return host.shutdown(drainMs);
      },
    }),
  };
}

const bound = (host: WorkerHost): WorkerHost => ({
  id: host.id,
  start: () => host.start(),
  settings: () => host.settings(),
  configure: (settings) => host.configure(settings),
  heartbeat: () => host.heartbeat(),
  shutdown: (drainMs) => host.shutdown(drainMs),
});
