import type { Config } from '../config/config';
import type { Logger } from '../logging/logger';
import type { ApiState } from '../settings/service';
import type { RestDependencies } from './dependencies';
import { startHttpServer, type HttpServer } from './server';

/** The REST API of the desktop app: off until Settings switches it on, always on loopback. */
export interface ApiController {
  state(): ApiState;
  /** Starts, stops or moves the server so that it is as the Config says. A taken port is a state, not an error. */
  apply(config: Config): Promise<void>;
  /** Tells where the requests go; to be called before the first `apply`. */
  connect(deps: RestDependencies): void;
  close(): Promise<void>;
}

export const createApiController = (version: string, logger: Logger): ApiController => {
  let deps: RestDependencies | null = null;
  let server: HttpServer | null = null;
  let runningAs = '';
  let problem: string | null = null;

  const stop = async (): Promise<void> => {
    await server?.close();
    server = null;
    runningAs = '';
  };

  return {
    state: () => ({ running: server !== null, url: server?.url ?? null, problem }),
    connect(next) {
      deps = next;
    },
    async apply({ api }) {
      problem = null;
      if (!api.enabled) return stop();
      if (api.token === null) {
        problem = 'The REST API needs a token before it can be switched on.';
        return stop();
      }
      const wanted = `${api.port} ${api.token}`;
      if (wanted === runningAs || deps === null) return;
      await stop();
      const started = await startHttpServer({
        port: api.port,
        version,
        logger,
        api: { token: api.token, deps },
        console: null,
      });
      if (started.ok) {
        server = started.value;
        runningAs = wanted;
        logger.info(`The REST API listens on ${server.url}.`);
      } else problem = `${started.error.message} ${started.error.action ?? ''}`.trim();
    },
    close: stop,
  };
};
