import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { toAppError } from '@shared/errors';
import type { Logger } from '../logging/logger';
import { alertRoutes } from './alerts';
import { campaignRoutes } from './campaigns';
import { contactRoutes } from './contacts';
import type { RestDependencies } from './dependencies';
import { limitRate, requireBearer, type RateLimit } from './guard';
import { healthRoutes } from './health';
import { importRoutes } from './imports';
import { jobRoutes } from './jobs';
import { createOpenApi } from './openapi';
import { problem } from './problems';
import { scheduleRoutes } from './schedules';
import { webhookRoutes } from './webhooks';

export interface RestOptions {
  readonly token: string;
  readonly rateLimit: RateLimit;
  readonly version: string;
  readonly logger: Logger;
}

/** 200 requests a second with bursts of 400: far over any script, far under what would hold the queues up. */
export const defaultRateLimit: RateLimit = { perSecond: 200, burst: 400 };

/**
 * The REST API under `/api`, where every request carries the token and nothing is served without it, and the
 * providers' webhooks, which carry a signature instead.
 */
export const createRestApi = (
  deps: RestDependencies,
  options: RestOptions,
): Hono<{ Bindings: HttpBindings }> => {
  const api = new Hono<{ Bindings: HttpBindings }>();
  api.use(requireBearer(options.token));
  api.use(limitRate(options.rateLimit));
  api.route('/health', healthRoutes(deps));
  api.route('/jobs', jobRoutes(deps));
  api.route('/imports', importRoutes(deps));
  api.route('/contacts', contactRoutes(deps));
  api.route('/campaigns', campaignRoutes(deps));
  api.route('/schedules', scheduleRoutes(deps));
  api.route('/alerts', alertRoutes(deps));
  api.get('/openapi.json', (c) => c.json(createOpenApi(options.version)));
  // Not `notFound`: the handler of a mounted app is never asked, and the console would answer instead.
  api.all('*', (c) =>
    problem(c, {
      code: 'not_found',
      message: `There is no ${c.req.method} ${c.req.path}.`,
      action: 'GET /api/openapi.json lists what there is.',
      what: 'endpoint',
      id: c.req.path,
    }),
  );
  const root = new Hono<{ Bindings: HttpBindings }>();
  root.onError((thrown, c) => {
    const error = toAppError(thrown);
    if (error.code === 'internal')
      options.logger.error(`${c.req.method} ${c.req.path} failed.`, { error: thrown });
    return problem(c, error);
  });
  root.route('/api', api);
  root.route('/webhooks', webhookRoutes(deps.webhooks));
  return root;
};
