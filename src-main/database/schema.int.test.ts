import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateSchema } from './schema-generator';
import { type TestDatabase, SET_UP_MS, openTestDatabase } from './testing/databases';

const config = fileURLToPath(new URL('../../.config/prettier.json', import.meta.url));

describe.each(['postgres', 'pglite'] as const)('the schema on %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  }, SET_UP_MS);
  afterAll(() => database.close());

  test('is what schema.ts says', async () => {
    const options = await resolveConfig(import.meta.url, { config });
    const text = await format(await generateSchema(database.pool), { ...options, parser: 'typescript' });
    await expect(text).toMatchFileSnapshot('./schema.ts');
  });
});
