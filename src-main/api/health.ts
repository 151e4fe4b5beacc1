import { Hono } from 'hono';
import { contextOf, type RestDependencies } from './dependencies';
import { problem } from './problems';

/** `GET /api/health`: the guide's health check, with the engine and the database; 503 where one of them is down. */
export const healthRoutes = (deps: RestDependencies): Hono => {
  const routes = new Hono();
  routes.get('/', async (c) => {
    const checked = await deps.handlers.queues.health({}, contextOf(deps, c.req.raw));
    if (!checked.ok) return problem(c, checked.error);
    const { engine, database, background, version, profile } = deps.status();
    const healthy = checked.value.healthy && engine.state === 'up' && database.state === 'up';
    const queues: Record<string, unknown> = {};
    for (const { queue, counts, problem: why, healthy: fine } of checked.value.queues)
      queues[queue] = { healthy: fine, stats: counts, ...(why === null ? {} : { problem: why }) };
    return c.json({ healthy, version, profile, engine, database, background, queues }, healthy ? 200 : 503);
  });
  return routes;
};
