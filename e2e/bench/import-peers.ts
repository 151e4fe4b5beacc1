import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { read, utils } from 'xlsx';
import { z } from 'zod';
import { migrate } from '../../src-main/database/migrate';
import { createPgPool } from '../../src-main/database/pool';
import { CONTACT_COUNTRY } from './contact-file';
import type { ImportPlan } from './import-plan';

const ROWS_AN_INSERT = 100;
const COLUMNS = ['organization_id', 'phone', 'name', 'email', 'tags', 'custom_fields'] as const;

type Row = readonly (string | number | readonly string[] | undefined)[];

/** SheetJS, libphonenumber-js and one INSERT a row, each its own transaction; the sample scaled to the file, in ms. */
export async function importRowByRow(plan: Extract<ImportPlan, { kind: 'row-by-row' }>): Promise<number> {
  return onDatabase(plan.databaseUrl, async (client, organizationId) => {
    const started = performance.now();
    const rows = readRows(plan.file.path);
    const readMs = performance.now() - started;
    const sample = rows.slice(0, plan.sample);
    const seen = new Set<string>();
    for (const cells of sample) {
      const row = judge(cells, organizationId, seen);
      if (row) await insert(client, [row]);
    }
    const writeMs = performance.now() - started - readMs;
    await assertWritten(client, seen.size);
    return readMs + (writeMs * rows.length) / sample.length;
  });
}

/** SheetJS, libphonenumber-js and 100 rows an INSERT, all in one transaction, in ms. */
export async function importWithSheetJs(plan: Extract<ImportPlan, { kind: 'sheetjs' }>): Promise<number> {
  return onDatabase(plan.databaseUrl, async (client, organizationId) => {
    const started = performance.now();
    const seen = new Set<string>();
    let batch: Row[] = [];
    await client.query('BEGIN');
    for (const cells of readRows(plan.file.path)) {
      const row = judge(cells, organizationId, seen);
      if (row) batch.push(row);
      if (batch.length < ROWS_AN_INSERT) continue;
      await insert(client, batch);
      batch = [];
    }
    if (batch.length > 0) await insert(client, batch);
    await client.query('COMMIT');
    const ms = performance.now() - started;
    await assertWritten(client, plan.file.contacts);
    return ms;
  });
}

/** The rows below the header. Text files are read as text: SheetJS would make numbers of phones. */
function readRows(path: string): Row[] {
  const options = { raw: true, dense: true, cellHTML: false, cellText: false, cellFormula: false };
  const workbook = read(readFileSync(path), options);
  const sheet = workbook.Sheets[workbook.SheetNames[0] ?? ''];
  if (!sheet) throw new Error('The file has no sheet.');
  return utils.sheet_to_json<Row>(sheet, { header: 1, raw: true }).slice(1);
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** A row for the table; nothing where the phone or the email is not valid or the phone was there before. */
function judge(cells: Row, organizationId: string, seen: Set<string>): Row | undefined {
  const [phone, name, email, city, order, amount, tags, note] = cells.map((cell) =>
    String(cell ?? '').trim(),
  );
  const number = parsePhoneNumberFromString(phone ?? '', CONTACT_COUNTRY);
  if (!number?.isValid() || !EMAIL.test(email ?? '') || seen.has(number.number)) return undefined;
  seen.add(number.number);
  const custom = { city, order_id: order, amount, ...(note ? { note } : {}) };
  const list = (tags ?? '').split(';').map((tag) => tag.trim());
  return [organizationId, number.number, name, email, list, JSON.stringify(custom)];
}

async function insert(client: pg.Client, rows: readonly Row[]): Promise<void> {
  const groups = rows.map((row, at) => `(${row.map((_, n) => `$${at * row.length + n + 1}`).join(',')})`);
  await client.query(
    `INSERT INTO contacts (${COLUMNS.join(', ')}) VALUES ${groups.join(', ')}
     ON CONFLICT (organization_id, phone) DO NOTHING`,
    rows.flat(),
  );
}

async function onDatabase<T>(
  url: string,
  work: (client: pg.Client, organizationId: string) => Promise<T>,
): Promise<T> {
  const pool = createPgPool(url);
  await migrate(pool);
  await pool.end();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const organizationId = randomUUID();
    await client.query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [organizationId, 'Bench']);
    return await work(client, organizationId);
  } finally {
    await client.end();
  }
}

/** A peer that does less than we do would be no peer. */
async function assertWritten(client: pg.Client, expected: number): Promise<void> {
  const { rows } = await client.query('SELECT count(*)::INT AS contacts FROM contacts');
  const [{ contacts } = { contacts: 0 }] = z.array(z.object({ contacts: z.int() })).parse(rows);
  if (contacts !== expected) throw new Error(`The peer wrote ${contacts} contacts where ${expected} belong.`);
}
