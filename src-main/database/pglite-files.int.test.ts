import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEngine } from './pglite-engine';
import type { MemoryFileSystem } from './pglite-files';

let folder: string;
let engine: PGlite;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adsapp-files-'));
  engine = await startEngine(join(folder, 'data'));
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

it('holds none of its files in memory', () => {
  const { node } = (engine.Module.FS as unknown as MemoryFileSystem).lookupPath(
    '/pglite/share/postgresql/postgres.bki',
  );
  expect(Object.getOwnPropertyDescriptor(node, 'contents')).not.toHaveProperty('value');
});

it.each([
  ['time zones', `SELECT timestamptz '2026-07-01 12:00Z' AT TIME ZONE 'Europe/Berlin' AS found`, '14:00'],
  [
    'collations',
    `SELECT string_agg(x, '' ORDER BY x COLLATE unicode) AS found FROM unnest('{b,Ä,a,B}'::TEXT[]) x`,
    'aÄbB',
  ],
  ['libraries', `SELECT to_tsvector('english', 'running')::TEXT AS found`, `'run'`],
  ['conversions', String.raw`SELECT convert_from('\xe4'::BYTEA, 'LATIN1') AS found`, 'ä'],
])('reads %s from the disk', async (_what, sql, expected) => {
  const { rows } = await engine.query<{ found: string | Date }>(sql);
  const found = rows[0]?.found;
  expect(found instanceof Date ? found.toISOString() : found).toContain(expected);
});
