import { expect, test } from '../fixtures/test';
import { restClient } from './rest-client';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly problem: string | null;
  readonly steps: readonly { readonly state: string }[];
}

test('schedules over REST: refused with the field, fired at their time, run in order', async ({ host }) => {
  if (host.kind !== 'chromium') throw new Error('This needs the REST API of serve.');
  test.setTimeout(120_000);
  const rest = restClient(host.serve);
  await rest.upload('contacts.csv', 'name,phone\nSara,+966512345678\nOmar,+966512345679\n');
  await expect.poll(async () => (await rest.ask('/api/contacts')).body['total']).toBe(2);
  const step = {
    kind: 'campaign',
    name: 'Hello',
    audience: { kind: 'all' },
    message: { channel: 'whatsapp', body: 'Hi {{name|you}}' },
  };
  const never = { kind: 'cron', pattern: '0 0 1 1 *', timeZone: 'Europe/Berlin' };
  const idOf = (body: Record<string, unknown>): string => (body['schedule'] as { id: string }).id;
  const lastRun = async (id: string): Promise<Run | undefined> =>
    ((await rest.ask(`/api/schedules/${id}/runs`)).body['runs'] as Run[])[0];
  const ended = async (id: string): Promise<Run | undefined> => {
    await expect
      .poll(async () => (await lastRun(id))?.state, { timeout: 40_000 })
      .toMatch(/^(succeeded|failed)$/);
    return lastRun(id);
  };

  const refused = await rest.post('/api/schedules', {
    name: 'Wrong',
    when: { ...never, pattern: '0 25 * * *' },
    steps: [step],
  });
  expect(refused).toMatchObject({ status: 400, body: { field: 'when.pattern' } });

  const once = await rest.post('/api/schedules', {
    name: 'Soon',
    when: { kind: 'once', at: new Date(Date.now() + 3_000).toISOString(), timeZone: 'UTC' },
    steps: [step],
  });
  expect(once.status).toBe(201);
  expect(await ended(idOf(once.body))).toMatchObject({ state: 'succeeded', problem: null });

  const gone = { kind: 'job', queue: 'template-processing', data: { templateId: crypto.randomUUID() } };
  const broken = { ...gone, data: { ...gone.data, version: 1, contactIds: [] } };
  const chain = await rest.post('/api/schedules', {
    name: 'Chain',
    when: never,
    steps: [step, broken, step],
  });
  const id = idOf(chain.body);
  expect((await rest.post(`/api/schedules/${id}/run`, {})).status).toBe(202);
  const run = await ended(id);
  expect(run?.steps.map(({ state }) => state)).toEqual(['succeeded', 'failed', 'skipped']);
  expect(run?.problem).toContain('Step 2 of 3 failed: There is no template');

  expect((await rest.post(`/api/schedules/${id}/pause`, {})).body).toMatchObject({
    schedule: { state: 'paused', nextRuns: [] },
  });
  expect((await rest.post(`/api/schedules/${id}/pause`, {})).status).toBe(409);
  expect((await rest.post(`/api/schedules/${id}/resume`, {})).body).toMatchObject({
    schedule: { state: 'active', words: 'Every year on 1 January at 00:00, Europe/Berlin' },
  });
  expect((await rest.ask(`/api/schedules/${id}`, { method: 'DELETE' })).status).toBe(200);
  expect((await rest.ask(`/api/schedules/${id}`)).status).toBe(404);
  expect((await rest.ask('/api/schedules/overdue')).body).toMatchObject({ runs: [], campaigns: [] });
});
