import { Hono } from 'hono';
import { z } from 'zod';
import { parseInput } from './body';
import { contextOf, type RestDependencies } from './dependencies';
import { problem } from './problems';

const ListRequest = z.object({
  search: z.string().max(200).optional(),
  tag: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1, 'is at least 1').max(500, 'is at most 500').default(100),
  cursor: z.string().max(500).optional(),
});

/** `GET /api/contacts?search=&tag=&limit=&cursor=`. */
export const contactRoutes = (deps: RestDependencies): Hono => {
  const routes = new Hono();
  routes.get('/', async (c) => {
    const query = parseInput(ListRequest, c.req.query());
    if (!query.ok) return problem(c, query.error);
    const { search, tag, limit, cursor } = query.value;
    const input = {
      limit,
      ...(search === undefined || search === '' ? {} : { search }),
      ...(tag === undefined ? {} : { tags: [tag] }),
      ...(cursor === undefined || cursor === '' ? {} : { cursor }),
    };
    const page = await deps.handlers.contacts.list(input, contextOf(deps, c.req.raw));
    return page.ok ? c.json({ success: true, ...page.value }) : problem(c, page.error);
  });
  return routes;
};
