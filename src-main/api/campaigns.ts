import { Hono } from 'hono';
import { z } from 'zod';
import type { CampaignDetail } from '@shared/contract/campaigns';
import { fail, notFound, ok, type Result } from '@shared/errors';
import { CampaignId } from '@shared/domain/ids';
import { readJson } from './body';
import { contextOf, type RestDependencies } from './dependencies';
import { problem } from './problems';

const RetryRequest = z.object({ errorCode: z.string().min(1).optional() });

/** `/api/campaigns/{id}`: what happened to everyone, and the operator's actions. */
export const campaignRoutes = (deps: RestDependencies): Hono => {
  const routes = new Hono();
  const { campaigns } = deps.handlers;

  routes.get('/:id', async (c) => {
    const id = campaignId(c.req.param('id'));
    if (!id.ok) return problem(c, id.error);
    const found = await campaigns.get({ campaignId: id.value }, contextOf(deps, c.req.raw));
    return found.ok ? c.json({ success: true, campaign: asJson(found.value) }) : problem(c, found.error);
  });

  const actions = { pause: 'pause', resume: 'resume', cancel: 'cancel', 'pass-limit': 'passLimit' } as const;
  for (const [path, action] of Object.entries(actions)) {
    routes.post(`/:id/${path}`, async (c) => {
      const id = campaignId(c.req.param('id'));
      if (!id.ok) return problem(c, id.error);
      const done = await campaigns[action]({ campaignId: id.value }, contextOf(deps, c.req.raw));
      return done.ok ? c.json({ success: true, campaign: asJson(done.value) }) : problem(c, done.error);
    });
  }

  routes.post('/:id/retry-failed', async (c) => {
    const id = campaignId(c.req.param('id'));
    if (!id.ok) return problem(c, id.error);
    const empty = c.req.header('content-length') === '0' || c.req.header('content-type') === undefined;
    const body = empty ? ok<z.output<typeof RetryRequest>>({}) : await readJson(c, RetryRequest);
    if (!body.ok) return problem(c, body.error);
    const { errorCode } = body.value;
    const input = { campaignId: id.value, ...(errorCode === undefined ? {} : { errorCode }) };
    const done = await campaigns.retryFailed(input, contextOf(deps, c.req.raw));
    if (!done.ok) return problem(c, done.error);
    return c.json({ success: true, retried: done.value.retried, campaign: asJson(done.value.campaign) }, 202);
  });

  return routes;
};

const campaignId = (text: string): Result<CampaignId> => {
  const parsed = CampaignId.safeParse(text);
  return parsed.success ? ok(parsed.data) : fail(notFound('campaign', text));
};

/** The counts come first: they are what a script asks for. */
const asJson = (campaign: CampaignDetail): Record<string, unknown> => {
  const { id, name, state, recipients, counts, failures, ...rest } = campaign;
  return { id, name, state, recipients, counts, failuresByReason: failures, ...rest };
};
