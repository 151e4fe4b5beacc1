import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from './testing/databases';

describe.each(['postgres', 'pglite'] as const)('what stands for foreign keys of contacts on %s', (kind) => {
  let database: TestDatabase;
  const organization = randomUUID();
  const importId = randomUUID();
  const query = (sql: string, values: readonly unknown[] = []) => database.pool.query(sql, [...values]);
  const addContact = (phone: string, owner = organization, from: string | null = null) =>
    query('INSERT INTO contacts (organization_id, phone, import_id) VALUES ($1, $2, $3)', [
      owner,
      phone,
      from,
    ]);

  beforeAll(async () => {
    database = await openTestDatabase(kind);
    await query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [organization, 'Test']);
    await query(
      'INSERT INTO imports (id, organization_id, file_name, rows_inserted) VALUES ($1, $2, $3, 1)',
      [...[importId, organization, 'x.csv']],
    );
  }, SET_UP_MS);
  afterAll(() => database.close());

  it('refuses contacts of an organization or an import that does not exist', async () => {
    const violation = { code: '23503' };
    await expect(addContact('+966500000001', randomUUID())).rejects.toMatchObject(violation);
    await expect(addContact('+966500000001', organization, randomUUID())).rejects.toMatchObject(violation);
    await addContact('+966500000001');
    await expect(query('UPDATE contacts SET organization_id = gen_random_uuid()')).rejects.toMatchObject(
      violation,
    );
    await expect(query('UPDATE contacts SET import_id = gen_random_uuid()')).rejects.toMatchObject(violation);
  });

  it('follows deletions: an import leaves its contacts, an organization takes them along', async () => {
    await addContact('+966500000002', organization, importId);
    await query('INSERT INTO import_rows (import_id, organization_id, row_no) VALUES ($1, $2, 1)', [
      ...[importId, organization],
    ]);
    await query('DELETE FROM imports WHERE id = $1', [importId]);
    expect((await query('SELECT import_id FROM contacts ORDER BY phone')).rows).toEqual([
      { import_id: null },
      { import_id: null },
    ]);
    expect((await query('SELECT 1 FROM import_rows')).rows).toEqual([]);
    await query('DELETE FROM organizations WHERE id = $1', [organization]);
    expect((await query('SELECT 1 FROM contacts')).rows).toEqual([]);
  });
});
