import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { read, utils } from 'xlsx';
import { launchServe, type LaunchedServe } from '../fixtures/serve';
import { goodInputs, refusedInputs, type GoodInput } from '../fixtures/ten-inputs';
import { restClient, type Answer, type RestClient } from './rest-client';

interface Listed {
  readonly phone: string;
  readonly name: string | null;
  readonly customFields: Readonly<Record<string, string>>;
}

test.describe('the ten inputs through REST', () => {
  let serve: LaunchedServe;
  let rest: RestClient;
  test.beforeAll(async () => {
    serve = await launchServe();
    // Each input is polled until it is done.
    rest = restClient(serve);
  });
  test.afterAll(() => serve.stop());

  for (const input of goodInputs()) {
    test(input.title, async () => {
      const before = await contacts(rest);
      const started = await rest.upload(input.fileName, new Uint8Array(input.content), {
        options: JSON.stringify({ defaultCountry: input.country?.code ?? null }),
      });
      expect(started.body).toMatchObject({ success: true });
      expect(Object.keys(started.body['mapping'] as object)).toEqual(input.headers);

      const path = `/api/imports/${String(started.body['importId'])}`;
      const { inserted, skipped, rejected } = input.totals;
      expect((await ended(rest, path)).body['import']).toMatchObject({
        ...{ state: 'completed', read: inserted + skipped + rejected, updated: 0 },
        ...input.totals,
      });
      await expectRejects(rest, path, input);

      const after = await contacts(rest);
      const isNew = ({ phone }: Listed): boolean => before.every((contact) => contact.phone !== phone);
      expect(after.filter(isNew).sort(byPhone)).toMatchObject(
        input.contacts.map(({ phone, name, custom }) => ({ phone, name, customFields: custom ?? {} })),
      );
    });
  }

  for (const { title, fileName, content, reason, words } of refusedInputs()) {
    test(title, async () => {
      const before = await contacts(rest);
      const refused = await rest.upload(fileName, new Uint8Array(content));
      expect(refused.status).toBe(400);
      expect(refused.body).toMatchObject({ success: false, code: 'file_rejected', reason });
      expect(`${String(refused.body['error'])} ${String(refused.body['action'])}`).toContain(words);
      expect(await contacts(rest)).toEqual(before);
    });
  }
});

/** The rejected rows as a spreadsheet: each with its place and why, and no formula in it. */
async function expectRejects(rest: RestClient, path: string, input: GoodInput): Promise<void> {
  const book = read(await rest.download(`${path}/rejected.xlsx`));
  const sheet = book.Sheets[book.SheetNames[0] ?? ''] ?? {};
  for (const cell of Object.values(sheet)) expect(cell).not.toHaveProperty('f');
  const rows = utils.sheet_to_json<Record<string, unknown>>(sheet);
  const expected = input.rows.filter(({ outcome }) => outcome === 'Reject');
  expect(rows).toHaveLength(expected.length);
  for (const [index, { row, says, cell }] of expected.entries()) {
    const text = JSON.stringify(Object.values(rows[index] ?? {}));
    expect(text).toContain(String(row));
    for (const words of [says, cell]) expect(text).toContain(words ?? '');
  }
}

const contacts = async (rest: RestClient): Promise<Listed[]> =>
  (await rest.ask('/api/contacts?limit=500')).body['contacts'] as Listed[];

const byPhone = (a: Listed, b: Listed): number => a.phone.localeCompare(b.phone);

async function ended(rest: RestClient, path: string): Promise<Answer> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await rest.ask(path);
    const { state } = answer.body['import'] as { state: string };
    if (state === 'completed' || state === 'failed') return answer;
    await delay(50);
  }
  throw new Error(`${path} did not end within 10 s.`);
}
