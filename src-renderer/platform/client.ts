import './zod-setup';
import { contract } from '@shared/contract';
import { unwrap, type Result } from '@shared/errors';
import { createClient } from '@shared/rpc/client';
import type { Transport } from '@shared/rpc/transport';
import { detectConnection } from './bridge';
import { createReconnectingTransport, type ConnectionState } from '@shared/rpc/reconnecting-transport';
import { openSocket } from './socket-wire';

/** The connection to the main process as something to watch. In the desktop window it is always open. */
export interface ConnectionMonitor {
  state(): ConnectionState;
  /** Calls `listener` at every change of the state; returns how to stop it. */
  onState(listener: () => void): () => void;
}

const connect = (): { transport: Transport; monitor: ConnectionMonitor } => {
  const connection = detectConnection();
  if (connection.kind === 'desktop') {
    return {
      transport: connection.bridge,
      // The window does not outlive the process at the other end.
      monitor: { state: () => 'open', onState: () => () => undefined },
    };
  }
  const transport = createReconnectingTransport(() => openSocket(connection.url));
  return { transport, monitor: transport };
};

const { transport, monitor } = connect();

/** Whether this page is the desktop window, which has a native menu around it. */
export const isDesktopWindow = (): boolean => detectConnection().kind === 'desktop';

/** The console's contract, typed, over whichever wire this page has. Calls resolve to results and never reject. */
export const client = createClient(contract, transport);

export const connectionMonitor: ConnectionMonitor = monitor;

/**
 * A call for React Query: `queryFn: ({ signal }) => callQuery(client.queues.overview({}, { signal }))`.
 * Rejects with an AppFailure, whose `error` is the AppError.
 */
export const callQuery = async <T>(result: Promise<Result<T>>): Promise<T> => unwrap(await result);
