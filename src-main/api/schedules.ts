import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { ScheduleInput } from '@shared/contract/schedules';
import { ScheduleId, ScheduleRunId } from '@shared/domain/ids';
import { fail, notFound, ok, type Result } from '@shared/errors';
import { parseInput, readJson } from './body';
import { contextOf, type RestDependencies } from './dependencies';
import { problem } from './problems';

const RunsQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) });

/** `/api/schedules`: what runs at which times, its history, and the answer to what is overdue. */
export const scheduleRoutes = (deps: RestDependencies): Hono => {
  const routes = new Hono();
  const { schedules } = deps.handlers;

  const answer = async <T>(
    c: Context,
    name: string,
    act: () => Promise<Result<T>>,
    status: 200 | 201 | 202 = 200,
  ): Promise<Response> => {
    const done = await act();
    if (!done.ok) return problem(c, done.error);
    return c.json({ success: true, ...(name === '' ? {} : { [name]: done.value }) }, status);
  };
  const withId = async (
    c: Context,
    act: (scheduleId: ScheduleId) => Promise<Response>,
  ): Promise<Response> => {
    const id = idOf(ScheduleId, 'schedule', c.req.param('id'));
    return id.ok ? act(id.value) : problem(c, id.error);
  };

  routes.get('/', async (c) => {
    const found = await schedules.list({}, contextOf(deps, c.req.raw));
    return found.ok ? c.json({ success: true, ...found.value }) : problem(c, found.error);
  });

  routes.post('/', async (c) => {
    const body = await readJson(c, ScheduleInput);
    if (!body.ok) return problem(c, body.error);
    return answer(c, 'schedule', () => schedules.save(body.value, contextOf(deps, c.req.raw)), 201);
  });

  routes.get('/overdue', async (c) => {
    const found = await schedules.overdue({}, contextOf(deps, c.req.raw));
    return found.ok ? c.json({ success: true, ...found.value }) : problem(c, found.error);
  });

  for (const [path, word] of [
    ['run', 'run'],
    ['skip', 'skip'],
  ] as const) {
    routes.post(`/runs/:id/${path}`, (c) => {
      const id = idOf(ScheduleRunId, 'run', c.req.param('id'));
      if (!id.ok) return problem(c, id.error);
      const context = contextOf(deps, c.req.raw);
      return answer(c, 'run', () => schedules.decide({ runId: id.value, answer: word }, context));
    });
  }

  routes.get('/:id', (c) =>
    withId(c, (scheduleId) =>
      answer(c, 'schedule', () => schedules.get({ scheduleId }, contextOf(deps, c.req.raw))),
    ),
  );

  routes.put('/:id', (c) =>
    withId(c, async (scheduleId) => {
      const body = await readJson(c, ScheduleInput);
      if (!body.ok) return problem(c, body.error);
      const input = { ...body.value, scheduleId };
      return answer(c, 'schedule', () => schedules.save(input, contextOf(deps, c.req.raw)));
    }),
  );

  routes.delete('/:id', (c) =>
    withId(c, (scheduleId) =>
      answer(c, '', () => schedules.remove({ scheduleId }, contextOf(deps, c.req.raw))),
    ),
  );

  for (const action of ['pause', 'resume'] as const) {
    routes.post(`/:id/${action}`, (c) =>
      withId(c, (scheduleId) =>
        answer(c, 'schedule', () => schedules[action]({ scheduleId }, contextOf(deps, c.req.raw))),
      ),
    );
  }

  routes.post('/:id/run', (c) =>
    withId(c, (scheduleId) =>
      answer(c, 'run', () => schedules.runNow({ scheduleId }, contextOf(deps, c.req.raw)), 202),
    ),
  );

  routes.get('/:id/runs', (c) =>
    withId(c, async (scheduleId) => {
      const query = parseInput(RunsQuery, c.req.query());
      if (!query.ok) return problem(c, query.error);
      const found = await schedules.runs({ scheduleId, ...query.value }, contextOf(deps, c.req.raw));
      return found.ok ? c.json({ success: true, ...found.value }) : problem(c, found.error);
    }),
  );

  return routes;
};

const idOf = <S extends z.ZodType>(schema: S, what: string, text = ''): Result<z.output<S>> => {
  const parsed = schema.safeParse(text);
  return parsed.success ? ok(parsed.data) : fail(notFound(what, text));
};
