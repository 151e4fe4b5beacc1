import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { IncidentFilter, LONGEST_SNOOZE_MINUTES } from '@shared/contract/alerts';
import { IncidentId } from '@shared/domain/ids';
import { notFound, type Result } from '@shared/errors';
import { parseInput, readJson } from './body';
import { contextOf, type RestDependencies } from './dependencies';
import { problem } from './problems';

const PageQuery = IncidentFilter.extend({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
const Snooze = z.object({ minutes: z.int().min(1).max(LONGEST_SNOOZE_MINUTES).nullable() });
const Note = z.object({ text: z.string().trim().min(1).max(2_000) });

/** `/api/alerts`: the rules, the incidents, and what somebody, or a program of theirs, does about one. */
export const alertRoutes = (deps: RestDependencies): Hono => {
  const routes = new Hono();
  const { alerts } = deps.handlers;

  const about = async (
    c: Context,
    act: (incidentId: IncidentId) => Promise<Result<unknown>>,
  ): Promise<Response> => {
    const id = c.req.param('id') ?? '';
    const parsed = IncidentId.safeParse(id);
    if (!parsed.success) return problem(c, notFound('incident', id));
    const done = await act(parsed.data);
    return done.ok ? c.json({ success: true, incident: done.value }) : problem(c, done.error);
  };

  routes.get('/rules', async (c) => {
    const found = await alerts.rules({}, contextOf(deps, c.req.raw));
    return found.ok ? c.json({ success: true, ...found.value }) : problem(c, found.error);
  });

  routes.get('/incidents', async (c) => {
    const query = parseInput(PageQuery, c.req.query());
    if (!query.ok) return problem(c, query.error);
    const found = await alerts.incidents(query.value, contextOf(deps, c.req.raw));
    return found.ok ? c.json({ success: true, ...found.value }) : problem(c, found.error);
  });

  routes.get('/incidents/:id', (c) =>
    about(c, (incidentId) => alerts.incident({ incidentId }, contextOf(deps, c.req.raw))),
  );

  routes.post('/incidents/:id/acknowledge', (c) =>
    about(c, (incidentId) =>
      alerts.acknowledge({ incidentId, acknowledged: true }, contextOf(deps, c.req.raw)),
    ),
  );

  routes.post('/incidents/:id/snooze', async (c) => {
    const body = await readJson(c, Snooze);
    if (!body.ok) return problem(c, body.error);
    return about(c, (incidentId) => alerts.snooze({ incidentId, ...body.value }, contextOf(deps, c.req.raw)));
  });

  routes.post('/incidents/:id/notes', async (c) => {
    const body = await readJson(c, Note);
    if (!body.ok) return problem(c, body.error);
    return about(c, (incidentId) => alerts.note({ incidentId, ...body.value }, contextOf(deps, c.req.raw)));
  });

  return routes;
};
