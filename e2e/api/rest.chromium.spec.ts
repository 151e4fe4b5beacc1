import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { read, utils, write } from 'xlsx';
import { startFakeWhatsApp, type FakeWhatsApp } from '../fixtures/providers';
import { launchServe, type LaunchedServe } from '../fixtures/serve';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { restClient, type Answer, type RestClient } from './rest-client';

const CONTACTS = [
  'Name;Mobile;E-Mail;Order ID;Tags',
  'Ada Lovelace;+966512345678;ada@example.com;A-1;vip,uk',
  'Bob;966512345679;bob@example.com;A-2;vip',
  'Too short;123;short@example.com;A-3;',
  'Ada again;00966512345678;again@example.com;A-4;',
  'Dora;0512345670;dora@example.com;A-5;de',
].join('\n');

for (const profile of ['embedded', 'shared'] as const) {
  test.describe(`REST on the ${profile} profile`, () => {
    test.describe.configure({ mode: 'serial' });
    let serve: LaunchedServe;
    let rest: RestClient;
    let whatsapp: FakeWhatsApp;

    test.beforeAll(async () => {
      whatsapp = await startFakeWhatsApp();
      const shared =
        profile === 'shared'
          ? { REDIS_URL: await testRedisUrl(), DATABASE_URL: await testDatabaseUrl() }
          : {};
      serve = await launchServe({
        env: {
          ...shared,
          WHATSAPP_ACCESS_TOKEN: 'secret-access-token',
          WHATSAPP_PHONE_NUMBER_ID: '10987654321',
          WHATSAPP_API_BASE_URL: whatsapp.url,
        },
      });
      rest = restClient(serve);
    });
    test.afterAll(async () => {
      await serve.stop();
      await whatsapp.close();
    });

    test('nothing is answered without the token', async () => {
      for (const path of [
        '/api/health',
        '/api/jobs/stats',
        '/api/contacts',
        '/api/openapi.json',
        '/api/nowhere',
      ]) {
        expect((await rest.ask(path, {}, null)).status).toBe(401);
        expect((await rest.ask(path, {}, 'wrong')).status).toBe(401);
      }
    });

    test('health and statistics have the guide’s shapes', async () => {
      const health = await rest.ask('/api/health');
      expect(health.status).toBe(200);
      expect(health.body).toMatchObject({
        healthy: true,
        queues: {
          'bulk-messages': { healthy: true, stats: { waiting: 0 } },
          'email-notification': { healthy: true },
        },
      });
      const stats = await rest.ask('/api/jobs/stats');
      expect(stats.body).toMatchObject({
        success: true,
        queueStats: {
          'contact-import': { waiting: 0, active: 0, completed: 0, failed: 0, delayed: 0, paused: 0 },
        },
        historicalStats: { total: 0, completed: 0, failed: 0, running: 0 },
        recentJobs: [],
      });
    });

    test('a spreadsheet is imported, with honest totals and the rejected rows as a spreadsheet', async () => {
      const started = await rest.upload('contacts.csv', CONTACTS, {
        options: JSON.stringify({ defaultCountry: 'SA' }),
      });
      expect(started.status).toBe(202);
      expect(started.body).toMatchObject({
        success: true,
        mapping: { Mobile: 'phone', 'Order ID': 'custom:order_id' },
        file: { format: 'csv, UTF-8, semicolon', text: { encoding: 'UTF-8', delimiter: ';' }, headerRow: 1 },
        notes: [
          { code: 'phones-repaired', message: '1 of the first 5 rows: + restored' },
          { code: 'phones-repaired', message: '1 of the first 5 rows: 00 replaced by +' },
          {
            code: 'phones-repaired',
            message: '1 of the first 5 rows: Read as a number of the default country',
          },
          { code: 'rows-refused' },
        ],
      });
      const path = `/api/imports/${String(started.body['importId'])}`;
      const done = await until(
        () => rest.ask(path),
        (answer) => field(answer, 'import', 'state') === 'completed',
      );
      expect(done.body).toMatchObject({
        import: { read: 5, inserted: 3, updated: 0, skipped: 1, rejected: 1 },
      });

      const book = read(await rest.download(`${path}/rejected.xlsx`));
      const rows = utils.sheet_to_json<string[]>(book.Sheets[book.SheetNames[0] ?? ''] ?? {}, { header: 1 });
      expect(rows).toHaveLength(2);
      expect(JSON.stringify(rows[1])).toContain('Too short');
    });

    test('mended rows go on with the import that refused them', async () => {
      const rejecting = 'name,phone\nHedy Lamarr,+966512345610\nIda,not yet\nJoan,neither\n';
      const started = await rest.upload('film.csv', rejecting);
      const path = `/api/imports/${String(started.body['importId'])}`;
      const completed = async (): Promise<Answer> =>
        until(
          () => rest.ask(path),
          (answer) => field(answer, 'import', 'state') === 'completed',
        );
      expect((await completed()).body).toMatchObject({
        import: { inserted: 1, rejected: 2, continued: null },
      });

      const book = read(await rest.download(`${path}/rejected.xlsx`));
      const [name = ''] = book.SheetNames;
      const rows = utils.sheet_to_json<unknown[]>(book.Sheets[name] ?? {}, { header: 1, defval: null });
      for (const row of rows) if (row[0] === 'Ida') row[1] = '+966512345611';
      book.Sheets[name] = utils.aoa_to_sheet(rows);
      const mended = new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' }) as ArrayBuffer);
      const goesOn = await rest.upload('whatever.xlsx', mended, { continue: 'true' });
      expect(goesOn.status).toBe(202);
      expect(goesOn.body).toMatchObject({
        importId: started.body['importId'],
        message: 'Import of film.csv goes on',
        mapping: { name: 'name', phone: 'phone' },
      });
      expect((await completed()).body).toMatchObject({
        import: { read: 3, inserted: 2, rejected: 1, continued: { rounds: 1 } },
      });

      const unknown = await rest.upload('film.csv', rejecting, { continue: 'true' });
      expect(unknown.status).toBe(409);
      expect(unknown.body).toMatchObject({ code: 'conflict' });
      expect((await rest.upload('film.csv', rejecting, { continue: 'maybe' })).status).toBe(400);
      // The contacts below are counted without these two.
      await rest.post(`${path}/undo`, {});
      await until(
        () => rest.ask(path),
        (answer) => (field(answer, 'import', 'undo') as { finishedAt: unknown }).finishedAt !== null,
      );
    });

    test('an import is taken back, but for what is not there any more', async () => {
      const started = await rest.upload('later.csv', 'name,phone\nGrace Hopper,+966512345600\n');
      const path = `/api/imports/${String(started.body['importId'])}`;
      const ended = (answer: Answer): boolean => field(answer, 'import', 'state') === 'completed';
      await until(() => rest.ask(path), ended);
      expect((await rest.post(`${path}/pause`, {})).status).toBe(409);
      expect((await rest.post(`${path}/cancel`, { rollBack: 'yes' })).body).toMatchObject({
        ...{ code: 'invalid_input', issues: [{ path: 'rollBack' }] },
      });
      // It has ended: with the wish or without, there is nothing to cancel.
      expect((await rest.post(`${path}/cancel`, { rollBack: true })).status).toBe(409);
      expect((await rest.ask(`${path}/cancel`, { method: 'POST' })).status).toBe(409);
      expect((await rest.post(`${path}/undo`, {})).status).toBe(202);
      const undone = await until(
        () => rest.ask(path),
        (answer) => (field(answer, 'import', 'undo') as { finishedAt: unknown }).finishedAt !== null,
      );
      expect(undone.body).toMatchObject({ import: { undo: { removed: 1, restored: 0, kept: 0 } } });
      expect((await rest.ask(`${path}/kept`)).body).toMatchObject({ success: true, total: 0, rows: [] });
      expect((await rest.post(`${path}/undo`, {})).body).toMatchObject({ code: 'conflict' });
      expect((await rest.ask('/api/contacts?search=grace')).body).toMatchObject({ total: 0 });
    });

    test('contacts are searched and paged', async () => {
      const first = await rest.ask('/api/contacts?limit=2');
      expect(first.body).toMatchObject({ success: true, total: 3 });
      const second = await rest.ask(
        `/api/contacts?limit=2&cursor=${encodeURIComponent(String(first.body['nextCursor']))}`,
      );
      const phones = [...contactsOf(first), ...contactsOf(second)].map((contact) => contact['phone']);
      expect(phones.sort()).toEqual(['+966512345670', '+966512345678', '+966512345679']);
      expect(contactsOf(await rest.ask('/api/contacts?search=lovel'))).toMatchObject([
        { name: 'Ada Lovelace' },
      ]);
      expect((await rest.ask('/api/contacts?limit=0')).body).toMatchObject({
        code: 'invalid_input',
        field: 'limit',
      });
    });

    test('a message goes to the contacts, failures are told by reason and retried', async () => {
      whatsapp.behave((request) =>
        request.to === '+966512345679' ? { type: 'error', code: 131000, status: 500 } : { type: 'accept' },
      );
      const contactIds = contactsOf(await rest.ask('/api/contacts')).map((contact) => contact['id']);
      const launched = await rest.post('/api/jobs/bulk-message', {
        contactIds,
        messageContent: 'Hello {{name}}, your order {{order_id}} is ready!',
        messageType: 'text',
        priority: 1,
      });
      expect(launched.status).toBe(202);
      expect(launched.body).toMatchObject({
        success: true,
        message: 'Bulk message job queued for 3 contacts',
      });

      const job = await rest.ask(`/api/jobs/${String(launched.body['jobId'])}`);
      expect(job.body).toMatchObject({
        success: true,
        job: { name: 'send-bulk-message', queueName: 'bulk-messages', attemptsTotal: 3 },
      });

      const path = `/api/campaigns/${String(launched.body['campaignId'])}`;
      await until(
        () => rest.ask(path),
        (answer) => field(answer, 'campaign', 'counts', 'accepted') === 2,
      );
      expect(whatsapp.requests.map((request) => request.text)).toContain(
        'Hello Ada Lovelace, your order A-1 is ready!',
      );
      expect(
        whatsapp.requests.every((request) => request.authorization === 'Bearer secret-access-token'),
      ).toBe(true);
      // The provider is well again: what waits for its next try gets through.
      whatsapp.behave(() => ({ type: 'accept' }));
      const ended = await until(
        () => rest.ask(path),
        (answer) => field(answer, 'campaign', 'state') === 'completed',
      );
      expect(ended.body).toMatchObject({
        campaign: { recipients: 3, counts: { accepted: 3, failed: 0 }, failuresByReason: [] },
      });
      expect(Math.max(...whatsapp.taken().values())).toBe(1);
    });

    test('a permanent failure is named, and only what may be retried is retried', async () => {
      whatsapp.behave(() => ({ type: 'error', code: 131026, status: 400 }));
      const [contact] = contactsOf(await rest.ask('/api/contacts'));
      const launched = await rest.post('/api/jobs/bulk-message', {
        contactIds: [contact?.['id']],
        messageContent: 'Hi',
      });
      const path = `/api/campaigns/${String(launched.body['campaignId'])}`;
      const ended = await until(
        () => rest.ask(path),
        (answer) => field(answer, 'campaign', 'state') === 'completed',
      );
      expect(ended.body).toMatchObject({
        campaign: {
          counts: { failed: 1 },
          failuresByReason: [{ code: '131026', recipients: 1, retryable: false }],
        },
      });
      whatsapp.behave(() => ({ type: 'accept' }));
      for (const action of ['pause', 'resume', 'cancel'])
        expect((await rest.post(`${path}/${action}`, {})).status).toBe(409);
    });

    test('a template that WhatsApp has approved is filled in for each recipient', async () => {
      const contactIds = contactsOf(await rest.ask('/api/contacts')).map((contact) => contact['id']);
      const before = whatsapp.requests.length;
      const launched = await rest.post('/api/jobs/bulk-message', {
        contactIds,
        messageType: 'template',
        template: {
          name: 'order_ready',
          language: 'en_US',
          components: [
            { type: 'body', parameters: [{ text: '{{name|there}}' }, { text: 'no. {{order_id|soon}}' }] },
            { type: 'button', index: 1, parameters: [{ text: '{{order_id|soon}}' }] },
          ],
        },
      });
      expect(launched.status).toBe(202);
      await until(
        () => rest.ask(`/api/campaigns/${String(launched.body['campaignId'])}`),
        (answer) => field(answer, 'campaign', 'state') === 'completed',
      );
      const bodies = whatsapp.requests.slice(before).map(({ body }) => body);
      expect(bodies).toHaveLength(3);
      expect(bodies).toContainEqual(
        expect.objectContaining({
          type: 'template',
          template: {
            name: 'order_ready',
            language: { code: 'en_US' },
            components: [
              {
                type: 'body',
                parameters: [
                  { type: 'text', text: 'Ada Lovelace' },
                  { type: 'text', text: 'no. A-1' },
                ],
              },
              {
                type: 'button',
                sub_type: 'url',
                index: '1',
                parameters: [{ type: 'text', text: 'A-1' }],
              },
            ],
          },
        }),
      );
      const openapi = await rest.ask('/api/openapi.json');
      expect(JSON.stringify(openapi.body)).toContain('"order_ready"');
    });

    test('contacts come as JSON, too', async () => {
      const started = await rest.post('/api/jobs/import-contacts', {
        contacts: [
          {
            phone: '+966512345999',
            name: 'John Doe',
            email: 'john@example.com',
            tags: ['customer'],
            customFields: { company: 'Acme' },
          },
        ],
        importOptions: { updateExisting: false, skipDuplicates: true, validatePhone: true },
      });
      expect(started.status).toBe(202);
      expect(typeof started.body['jobId']).toBe('string');
      await until(
        () => rest.ask('/api/contacts?search=john'),
        (answer) => answer.body['total'] === 1,
      );
    });

    test('a job that has not begun is cancelled; one that has ended cannot be', async () => {
      const [contact] = contactsOf(await rest.ask('/api/contacts'));
      const later = await rest.post('/api/jobs/bulk-message', {
        contactIds: [contact?.['id']],
        messageContent: 'Later',
        delay: 3_600_000,
      });
      expect(later.status).toBe(202);
      const path = `/api/jobs/${String(later.body['jobId'])}`;
      expect((await rest.ask(path)).body).toMatchObject({ job: { state: 'delayed' } });
      expect((await rest.ask(path, { method: 'DELETE' })).body).toMatchObject({ success: true });
      const campaign = await rest.ask(`/api/campaigns/${String(later.body['campaignId'])}`);
      expect(campaign.body).toMatchObject({ campaign: { counts: { cancelled: 1, pending: 0 } } });
      expect((await rest.ask('/api/jobs/nothing', { method: 'DELETE' })).status).toBe(404);
    });

    test('bad input is refused, and the field is named', async () => {
      const nobody = '00000000-0000-4000-8000-00000000dead';
      const cases: readonly (readonly [unknown, string])[] = [
        [{}, 'contactIds'],
        [{ contactIds: [], messageContent: 'x' }, 'contactIds'],
        [{ contactIds: [nobody] }, 'messageContent'],
        [{ contactIds: [nobody], messageContent: 'x', messageType: 'image' }, 'mediaUrl'],
        [{ contactIds: [nobody], messageContent: 'x', priority: 9 }, 'priority'],
        [{ contactIds: [nobody], messageType: 'template' }, 'template'],
        [
          { contactIds: [nobody], messageContent: 'x', template: { name: 'a', language: 'en' } },
          'messageType',
        ],
        [
          { contactIds: [nobody], messageType: 'template', template: { name: 'Not so', language: 'en' } },
          'template.name',
        ],
        [
          {
            contactIds: [nobody],
            messageType: 'template',
            template: {
              ...{ name: 'a', language: 'en' },
              components: [{ type: 'body', parameters: [{ text: 'two\nlines' }] }],
            },
          },
          'template.components.0.parameters.0',
        ],
      ];
      for (const [body, name] of cases) {
        const answer = await rest.post('/api/jobs/bulk-message', body);
        expect(answer.status).toBe(400);
        expect(answer.body['field']).toContain(name);
      }
      expect((await rest.ask('/api/jobs/bulk-message', { method: 'POST', body: '{' })).status).toBe(400);
      expect((await rest.upload('pretty.xlsx', 'PK\u0003\u0004 not really')).body).toMatchObject({
        success: false,
        code: 'file_rejected',
      });
      expect((await rest.upload('no-phone.csv', 'Colour;Size\nred;1\nblue;2')).body).toMatchObject({
        code: 'invalid_input',
        field: 'mapping',
      });
      expect((await rest.ask('/api/campaigns/none')).status).toBe(404);
      expect((await rest.ask(`/api/imports/${nobody}`)).status).toBe(404);
    });

    test('a body that is too large is refused with 413', async () => {
      const answer = await rest.post('/api/jobs/import-contacts', { contacts: 'x'.repeat(17 * 1024 * 1024) });
      expect(answer.status).toBe(413);
    });

    test('a flood is answered with 429 and when to come again', async () => {
      const answers: Answer[] = [];
      for (let round = 0; round < 20; round += 1) {
        const asked = Array.from({ length: 100 }, () => rest.ask('/api/nowhere'));
        answers.push(...(await Promise.all(asked)));
      }
      const refused = answers.filter((answer) => answer.status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]?.headers.get('retry-after')).toBe('1');
    });

    test('the OpenAPI document describes every endpoint', async () => {
      await delay(1_500);
      const { body } = await rest.ask('/api/openapi.json');
      expect(Object.keys(body['paths'] as object)).toEqual(
        expect.arrayContaining([
          '/api/jobs/bulk-message',
          '/api/imports',
          '/api/contacts',
          '/api/campaigns/{id}/retry-failed',
          '/api/health',
        ]),
      );
      expect(body).toMatchObject({
        components: {
          schemas: {
            ImportedFile: { properties: { text: { properties: { encoding: {}, delimiter: {} } } } },
            ImportNote: { properties: { code: {}, message: {} } },
          },
        },
      });
      expect(serve.output.text()).not.toContain('secret-access-token');
    });
  });
}

const contactsOf = (answer: Answer): Record<string, unknown>[] =>
  answer.body['contacts'] as Record<string, unknown>[];

const field = (answer: Answer, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], answer.body);

const until = async (ask: () => Promise<Answer>, done: (answer: Answer) => boolean): Promise<Answer> => {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`It did not happen within 30 s: ${JSON.stringify(answer.body)}`);
    await delay(200);
  }
};
