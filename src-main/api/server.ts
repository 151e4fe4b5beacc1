import { createServer, type Server } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { fail, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { RpcServer } from '@shared/rpc/server';
import type { Logger } from '../logging/logger';
import { consoleRoutes } from './console';
import type { RestDependencies } from './dependencies';
import { createRestApi, defaultRateLimit } from './rest';
import { serveRpcSocket, type RpcSocket } from './websocket';

export interface HttpServerOptions {
  readonly port: number;
  readonly version: string;
  readonly logger: Logger;
  /** The REST API; null for none. */
  readonly api: { readonly token: string; readonly deps: RestDependencies } | null;
  /** The console for a browser; null for none. */
  readonly console: {
    readonly token: string;
    readonly bundleDir: string;
    readonly rpc: RpcServer;
    readonly actor: Actor;
    readonly deps: Pick<RestDependencies, 'acceptUpload' | 'openDownload'>;
  } | null;
}

export interface HttpServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

/** How long requests under way may take at the end before they are cut, in ms. */
const CLOSE_GRACE_MS = 3_000;

/** One HTTP server on loopback for REST, the console and its socket. Fails in plain words where the port is taken. */
export const startHttpServer = async (options: HttpServerOptions): Promise<Result<HttpServer>> => {
  const root = new Hono<{ Bindings: HttpBindings }>();
  if (options.api !== null) {
    const { token, deps } = options.api;
    root.route(
      '/',
      createRestApi(deps, {
        token,
        rateLimit: defaultRateLimit,
        version: options.version,
        logger: options.logger,
      }),
    );
  }
  if (options.console !== null) root.route('/', consoleRoutes(options.console.deps, options.console));

  const listener = getRequestListener(root.fetch);
  const server = createServer((request, response) => void listener(request, response));
  const listening = await listen(server, options.port);
  if (!listening.ok) return listening;
  const socket = options.console === null ? null : serveRpc(server, options.console, options.logger);
  return ok({ url: `http://127.0.0.1:${listening.value}`, close: () => close(server, socket) });
};

const serveRpc = (
  server: Server,
  { rpc, token, actor }: NonNullable<HttpServerOptions['console']>,
  logger: Logger,
): RpcSocket =>
  serveRpcSocket(server, { rpc, token, actor, refused: (why) => logger.warn(`Refused ${why}.`) });

const listen = (server: Server, port: number): Promise<Result<number>> =>
  new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(fail(listenProblem(error, port))));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(ok(typeof address === 'object' && address !== null ? address.port : port));
    });
  });

const listenProblem = (error: NodeJS.ErrnoException, port: number) => ({
  code: 'conflict' as const,
  message:
    error.code === 'EADDRINUSE'
      ? `Port ${port} is in use by another program.`
      : `Port ${port} cannot be opened (${error.code ?? error.message}).`,
  action: 'Choose another port.',
});

const close = async (server: Server, socket: RpcSocket | null): Promise<void> => {
  socket?.close();
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
};
