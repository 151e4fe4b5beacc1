import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { read, utils } from 'xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RenderedContact, ResultFilter, TemplateRun } from '@shared/contract/template-runs';
import { JobId, ListId, OrganizationId, ProfileId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import {
  addContacts,
  openStage,
  profiles,
  quiet,
  testRun,
  type Stage,
} from '../../../e2e/fixtures/campaign-stage';
import { campaignWorkers } from '../../../e2e/fixtures/campaign-worker';
import { addEntries, createList } from '../../campaigns/audience/lists/repository';
import { SET_UP_MS } from '../../database/testing/databases';
import { createTemplateProcessor } from '../processor';
import { openTemplates } from '../testing/open-templates';
import { runJobId } from './jobs';

const WORKER = fileURLToPath(new URL('../../../e2e/fixtures/campaign-worker.ts', import.meta.url));

describe.each(profiles)('rendering for an audience on the %s profile', (profile) => {
  let stage: Stage;
  let opened: Awaited<ReturnType<typeof openTemplates>>;
  beforeAll(async () => {
    stage = await openStage(profile);
    opened = await openTemplates(stage);
  }, SET_UP_MS);
  afterAll(async () => {
    await opened.close();
    await stage.close();
  });

  const context = () => ({ actor: stage.actor, signal: new AbortController().signal });
  const runs = () => opened.templates.runs.handlers;
  const template = async (
    body: string,
    more: { readonly channel?: 'email'; readonly subject?: string } = {},
  ) =>
    unwrap(
      await opened.templates.handlers.save(
        {
          name: `T ${body.slice(0, 20)} ${Math.random()}`,
          channel: 'whatsapp',
          subject: null,
          body,
          ...more,
        },
        context(),
      ),
    );
  const startTagged = async (templateId: Parameters<typeof start>[0], tag: string): Promise<TemplateRun> =>
    start(templateId, { kind: 'tags', tags: [tag], excludeTags: [] });
  const start = async (
    templateId: Awaited<ReturnType<typeof template>>['id'],
    audience: Parameters<ReturnType<typeof runs>['start']>[0]['audience'],
  ): Promise<TemplateRun> => unwrap(await runs().start({ templateId, audience }, context()));
  const get = async ({ id }: TemplateRun): Promise<TemplateRun> =>
    unwrap(await runs().get({ runId: id }, context()));
  const all = async (run: TemplateRun, filter: ResultFilter = {}): Promise<RenderedContact[]> =>
    unwrap(await runs().results({ runId: run.id, filter, start: 0, count: 500 }, context())).rows;
  /** The run of a batch as the worker host makes it. */
  const batchRun = (run: TemplateRun, batchNo: number, contacts: number) =>
    testRun('template-processing', {
      organizationId: OrganizationId.parse(stage.actor.organizationId),
      userId: ProfileId.parse(stage.actor.userId),
      templateId: run.templateId,
      version: run.version,
      contactIds: [],
      run: { runId: run.id, batchNo, contacts },
    });

  it('goes through the real queue to a table that can be searched, filtered and exported', async () => {
    const tag = `whole-${profile}`;
    const contacts = await addContacts(stage, 2_300, (n) => ({
      tags: [tag],
      name: n === 7 ? '=HYPERLINK("http://x")' : `Person ${n}`,
      custom: {
        ...(n % 10 !== 0 && { order_id: `ORD-${n}` }),
        ...(n === 5 && { note: '😀'.repeat(4_100) }),
      },
    }));
    await addContacts(stage, 5, () => ({ tags: ['others'] }));
    const { id } = await template('{{name}}: {{order_id}}{{note|}}');
    const run = await startTagged(id, tag);
    expect(run).toMatchObject({ state: 'running', contacts: 2_300, done: 0, version: 1 });
    expect(await stage.engine.queue('template-processing').job(runJobId(run.id, 2))).toMatchObject({
      subject: expect.stringContaining('batch 3 · 300 contacts') as string,
    });
    // One goes after the audience was frozen.
    await stage.database
      .deleteFrom('contacts')
      .where('id', '=', contacts[11]?.id ?? '')
      .execute();
    const host = campaignWorkers({ ...stage, logger: quiet });
    await host.start();
    const done = await until(async () => {
      const now = await get(run);
      return now.state === 'completed' ? now : undefined;
    });
    expect(done).toMatchObject({
      done: 2_300,
      withProblems: 232,
      problems: { missing: 230, too_long: 1, no_address: 0, gone: 1 },
      missing: [{ variable: 'order_id', contacts: 230 }],
    });
    const job = await until(async () => {
      const now = await stage.engine.queue('template-processing').job(runJobId(run.id, 0));
      return now?.state === 'completed' ? now : undefined;
    });
    expect(job.result).toMatchObject({
      status: 'partial_success',
      ...{ total: 1_000, successCount: 999, failureCount: 1, withMissingValues: 100, tooLong: 1 },
    });
    await host.shutdown();

    const rows = await all(run);
    expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: 500 }, (_, place) => place));
    const named = async (search: string) => (await all(run, { search })).find(({ name }) => name === search);
    const fine = await named('Person 12');
    expect(fine).toMatchObject({ text: 'Person 12: ORD-12', length: 17, problems: [], missing: [] });
    expect(fine?.recipient).toBe(contacts[12]?.phone);
    expect(await named('Person 20')).toMatchObject({
      ...{ text: 'Person 20: ', problems: ['missing'], missing: ['order_id'] },
    });
    expect(await named('Person 5')).toMatchObject({
      ...{ problems: ['too_long'], length: 'Person 5: ORD-5'.length + 4_100 },
    });
    expect(await all(run, { problem: 'gone' })).toMatchObject([
      { contactId: contacts[11]?.id, text: null, recipient: null, problems: ['gone'] },
    ]);
    const total = async (filter: ResultFilter) =>
      unwrap(await runs().results({ runId: run.id, filter, start: 0, count: 1 }, context())).total;
    expect(await total({})).toBe(2_300);
    expect(await total({ problem: 'any' })).toBe(232);
    expect(await total({ problem: 'missing' })).toBe(230);
    expect(await total({ variable: 'order_id' })).toBe(230);
    expect(await total({ search: 'ord-2299' })).toBe(1);
    expect(await total({ search: contacts[3]?.phone ?? '' })).toBe(1);
    // 20, 200 and 2000, 2010 to 2090.
    expect(await total({ problem: 'missing', search: 'person 20' })).toBe(12);

    const csv = await download(run, 'csv');
    expect(
      csv.toString('utf8').startsWith('\ufeffPhone,Name,Text,Characters,Missing values,Problems\r\n'),
    ).toBe(true);
    expect(csv.toString('utf8')).toContain(
      `,"'=HYPERLINK(""http://x"")","'=HYPERLINK(""http://x""): ORD-7",`,
    );
    expect(csv.toString('utf8').split('\r\n')).toHaveLength(2_302);
    const book = read(await download(run, 'xlsx'), { type: 'buffer' });
    const sheet = book.Sheets['Rendered texts'] ?? {};
    const cells = utils.sheet_to_json<string[]>(sheet, { header: 1, raw: false });
    expect(cells).toHaveLength(2_301);
    expect(cells[(fine?.position ?? 0) + 1]?.slice(0, 4)).toEqual([
      ...[contacts[12]?.phone, 'Person 12', 'Person 12: ORD-12', '17'],
    ]);
    const formulas = Object.values(sheet).filter((cell: unknown) =>
      Object.hasOwn(Object(cell) as object, 'f'),
    );
    expect(formulas).toEqual([]);
  });

  const download = async (run: TemplateRun, format: 'csv' | 'xlsx'): Promise<Buffer> => {
    const { url } = unwrap(await runs().exportFile({ runId: run.id, filter: {}, format }, context()));
    const file = opened.files.resolve(url);
    if (file === null) throw new Error('nothing is offered');
    return readFile(file.path);
  };

  it('renders subject and text of an email, and names who has no address', async () => {
    const tag = `mail-${profile}`;
    await addContacts(stage, 3, (n) => ({
      tags: [tag],
      name: `P${n}`,
      email: n === 1 ? null : `p${n}@example.com`,
      custom: n === 2 ? {} : { city: 'Abha' },
    }));
    const { id } = await template('Dear {{name}}', { channel: 'email', subject: 'News of {{city}}' });
    const run = await startTagged(id, tag);
    await createTemplateProcessor(stage.database)(batchRun(run, 0, 3));
    const rows = await all(run);
    expect(rows.sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))).toMatchObject([
      { recipient: 'p0@example.com', subject: 'News of Abha', text: 'Dear P0', problems: [] },
      { recipient: null, subject: 'News of Abha', problems: ['no_address'] },
      { subject: 'News of ', missing: ['city'], problems: ['missing'] },
    ]);
    expect(await get(run)).toMatchObject({ state: 'completed', withProblems: 2 });
  });

  it('goes on where it was stopped, and two workers at once double nothing', async () => {
    const tag = `twice-${profile}`;
    await addContacts(stage, 900, (n) => ({ tags: [tag], custom: n % 2 === 0 ? { a: 1 } : {} }));
    const { id } = await template('{{name}} {{a}}');
    const run = await startTagged(id, tag);
    const process = createTemplateProcessor(stage.database);
    const interrupted = batchRun(run, 0, 900);
    const stopAt = { ...interrupted, progress: () => interrupted.stop('timeout') };
    expect(await process(stopAt)).toMatchObject({ type: 'later' });
    expect(await get(run)).toMatchObject({ state: 'running', done: 250 });
    const outcomes = await Promise.all([0, 1].map(() => process(batchRun(run, 0, 900))));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        type: 'done',
        result: { total: 900, successCount: 900, withMissingValues: 450, missing: { a: 450 } },
      });
    }
    expect(await get(run)).toMatchObject({ state: 'completed', done: 900, problems: { missing: 450 } });
    expect(await written(run)).toEqual({ rows: 900, positions: 900 });
  });

  const written = async ({ id }: TemplateRun) => {
    const { rows } = await stage.pool.query(
      'SELECT count(*)::int AS rows, count(DISTINCT position)::int AS positions FROM template_results WHERE run_id = $1',
      [id],
    );
    return rows[0] as unknown;
  };

  it('is cancelled, resumed and removed', async () => {
    const tag = `cancel-${profile}`;
    await addContacts(stage, 1_200, () => ({ tags: [tag] }));
    const { id } = await template('{{name}}');
    const run = await startTagged(id, tag);
    const queue = stage.engine.queue('template-processing');
    expect(await runs().remove({ runId: run.id }, context())).toMatchObject({ error: { code: 'conflict' } });
    expect(await runs().cancel({ runId: run.id }, context())).toMatchObject({
      value: { state: 'cancelled' },
    });
    expect(await queue.job(runJobId(run.id, 0))).toBeUndefined();
    const process = createTemplateProcessor(stage.database);
    expect(await process(batchRun(run, 0, 1_000))).toEqual({ type: 'cancelled' });
    expect(await runs().resume({ runId: run.id }, context())).toMatchObject({ value: { state: 'running' } });
    expect(await queue.job(runJobId(run.id, 1))).toMatchObject({ state: 'waiting' });
    await process(batchRun(run, 0, 1_000));
    expect(await get(run)).toMatchObject({ state: 'running', done: 1_000 });
    await process(batchRun(run, 1, 200));
    expect(await get(run)).toMatchObject({ state: 'completed', done: 1_200 });
    expect(await runs().resume({ runId: run.id }, context())).toMatchObject({ error: { code: 'conflict' } });
    expect((await runs().remove({ runId: run.id }, context())).ok).toBe(true);
    expect(await written(run)).toEqual({ rows: 0, positions: 0 });
  });

  it('cancels the run with a job that was cancelled while it ran', async () => {
    const tag = `stopped-${profile}`;
    await addContacts(stage, 600, () => ({ tags: [tag] }));
    const run = await startTagged((await template('{{name}}')).id, tag);
    const stopped = batchRun(run, 0, 600);
    const process = createTemplateProcessor(stage.database);
    expect(await process({ ...stopped, progress: () => stopped.stop('cancelled') })).toEqual({
      type: 'cancelled',
    });
    expect(await get(run)).toMatchObject({ state: 'cancelled', done: 250 });
  });

  it('is found again where its jobs were lost, and forgotten when it is old', async () => {
    const tag = `lost-${profile}`;
    await addContacts(stage, 10, () => ({ tags: [tag] }));
    const run = await startTagged((await template('{{name}}')).id, tag);
    const queue = stage.engine.queue('template-processing');
    const jobId = JobId.parse(runJobId(run.id, 0));
    await queue.remove(jobId);
    await opened.templates.runs.service.recover();
    expect(await queue.job(jobId)).toBeUndefined();
    await stage.pool.query("UPDATE template_runs SET created_at = now() - interval '1 hour' WHERE id = $1", [
      run.id,
    ]);
    await opened.templates.runs.service.recover();
    expect(await queue.job(jobId)).toMatchObject({ state: 'waiting' });
    await createTemplateProcessor(stage.database)(batchRun(run, 0, 10));
    expect(await get(run)).toMatchObject({ state: 'completed' });
    await stage.pool.query(
      "UPDATE template_runs SET finished_at = now() - interval '31 days' WHERE id = $1",
      [run.id],
    );
    await opened.templates.runs.service.recover();
    expect(await runs().get({ runId: run.id }, context())).toMatchObject({ error: { code: 'not_found' } });
  });

  it('renders for everybody in a list, contacts or not, with its values first; and says who is left out', async () => {
    const [known] = await addContacts(stage, 1, () => ({
      name: 'Aisha',
      custom: { city: 'Riyadh', order: 'old' },
    }));
    const listId = ListId.parse(
      await createList(stage.database, {
        ...{ organizationId: stage.actor.organizationId, userId: stage.actor.userId },
        ...{ source: 'file', name: 'list.csv', fields: ['order'] },
      }),
    );
    const entry = { written: '', phone: null, email: null, name: null, given: {}, problem: null };
    await addEntries(stage.database, listId, 0, [
      { ...entry, phone: known?.phone ?? null, given: { order: 'O-1' } },
      { ...entry, phone: '+4915112345678', given: { order: 'O-2' } },
      { ...entry, phone: '+4915112345679', name: 'Bo' },
      { ...entry, written: 'call me', problem: 'not a phone number' },
      { ...entry, phone: '+4915112345678', given: { order: 'O-9' } },
      { ...entry, email: 'only@example.com' },
    ]);
    const { id } = await template('{{name|there}}: {{order}} in {{city|town}}');
    const run = await start(id, { kind: 'list', listId, excludeTags: [] });
    expect(run.contacts).toBe(6);
    await createTemplateProcessor(stage.database)(batchRun(run, 0, 6));
    expect(await get(run)).toMatchObject({
      state: 'completed',
      problems: { missing: 2, invalid: 1, duplicate: 1, no_address: 1, gone: 0 },
    });
    expect((await all(run)).map(({ recipient, text, problems }) => [recipient, text, problems])).toEqual([
      [known?.phone, 'Aisha: O-1 in Riyadh', []],
      ['+4915112345678', 'there: O-2 in town', []],
      ['+4915112345679', 'Bo:  in town', ['missing']],
      ['call me', null, ['invalid']],
      ['+4915112345678', null, ['duplicate']],
      [null, 'there:  in town', ['missing', 'no_address']],
    ]);
  });

  it('refuses an audience without anybody, and keeps nothing of it', async () => {
    const { id } = await template('x');
    const audience = { kind: 'tags' as const, tags: ['nobody has this'], excludeTags: [] };
    expect(await runs().start({ templateId: id, audience }, context())).toMatchObject({
      error: { code: 'invalid_input', message: 'Nobody belongs to this audience.' },
    });
    expect(await runs().list({ templateId: id }, context())).toEqual({ ok: true, value: { runs: [] } });
  });
});

describe('workers that are killed while they render', () => {
  const CONTACTS = 24_000;
  let stage: Stage;
  let opened: Awaited<ReturnType<typeof openTemplates>>;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    stage = await openStage('shared');
    opened = await openTemplates(stage);
  }, SET_UP_MS);
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await opened.close();
    await stage.close();
  });

  const startWorker = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['--import', 'tsx', WORKER], {
      env: {
        ...process.env,
        CAMPAIGN_WORKER: '1',
        DATABASE_URL: stage.databaseUrl ?? '',
        REDIS_URL: stage.redisUrl ?? '',
        WHATSAPP_API_BASE_URL: 'http://127.0.0.1:9',
        SILENCE_MS: '3000',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    workers.push(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return child;
  };

  it('leave neither a hole nor a double', async () => {
    const tag = 'killed';
    await addContacts(stage, CONTACTS, (n) => ({ tags: [tag], custom: n % 4 === 0 ? {} : { city: 'Abha' } }));
    const context = { actor: stage.actor, signal: new AbortController().signal };
    const { handlers } = opened.templates;
    const { id: templateId } = unwrap(
      await handlers.save(
        { name: 'K', channel: 'whatsapp', subject: null, body: '{{name}} {{city}}' },
        context,
      ),
    );
    const { id: runId } = unwrap(
      await opened.templates.runs.handlers.start(
        { templateId, audience: { kind: 'tags', tags: [tag], excludeTags: [] } },
        context,
      ),
    );
    const now = async () => unwrap(await opened.templates.runs.handlers.get({ runId }, context));
    let victim = await startWorker();
    for (const share of [0.1, 0.4]) {
      const killed = await until(async () => ((await now()).done >= CONTACTS * share ? now() : undefined));
      victim.kill('SIGKILL');
      expect(killed.state).toBe('running');
      victim = await startWorker();
    }
    const done = await until(async () => {
      const run = await now();
      return run.state === 'completed' ? run : undefined;
    }, 90_000);
    expect(done).toMatchObject({ done: CONTACTS, problems: { missing: CONTACTS / 4, gone: 0 } });
    const { rows } = await stage.pool.query(
      `SELECT count(*)::int AS rows, count(DISTINCT contact_id)::int AS contacts, min(position) AS first,
              max(position) AS last, count(*) FILTER (WHERE missing = '{city}')::int AS missing
         FROM template_results WHERE run_id = $1`,
      [runId],
    );
    expect(rows).toEqual([
      { rows: CONTACTS, contacts: CONTACTS, first: 0, last: CONTACTS - 1, missing: CONTACTS / 4 },
    ]);
  }, 240_000);
});

async function until<T>(check: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
