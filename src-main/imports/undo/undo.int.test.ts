import { describe, expect, it } from 'vitest';
import type { ImportId } from '@shared/domain/ids';
import type { ImportSummary } from '@shared/contract/imports';
import { unwrap } from '@shared/errors';
import { context, profiles, type ImportStage } from '../testing/import-stage';
import { withImportStage } from '../testing/with-import-stage';

const csv = (rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(',')).join('\n');
const HEADER = ['Phone', 'Name', 'Email', 'Tags', 'Order ID'];
const phone = (n: number): string => `+9665${String(10_000_000 + n)}`;

describe.each(profiles)('taking an import back on the %s profile', (profile) => {
  let stage: ImportStage;

  withImportStage(profile, (opened) => (stage = opened));

  const run = async (name: string, rows: readonly (readonly string[])[]): Promise<ImportId> => {
    const draft = await stage.open(await stage.write(name, csv([HEADER, ...rows])));
    const started = await stage.start(draft, { updateExisting: true, skipDuplicates: false });
    await stage.until(started.id, 'completed');
    return started.id;
  };
  const read = async (importId: ImportId): Promise<ImportSummary> =>
    unwrap(await stage.imports.handlers.get({ importId }, context(stage)));
  const undo = async (importId: ImportId): Promise<ImportSummary> => {
    unwrap(await stage.imports.handlers.undo({ importId }, context(stage)));
    return undone(importId);
  };
  const undone = async (importId: ImportId): Promise<ImportSummary> => {
    await expect
      .poll(async () => (await read(importId)).undo?.finishedAt, { timeout: 20_000 })
      .not.toBeNull();
    return read(importId);
  };
  const contactOf = (n: number) =>
    `organization_id = '${stage.actor.organizationId}' AND phone = '${phone(n)}'`;

  it('removes what it made and restores what it changed', async () => {
    await run('before.csv', [
      [phone(1), 'Sara', 'sara@example.com', 'vip', 'A-1'],
      [phone(2), 'Omar', '', 'retail', ''],
      [phone(3), 'Lena', '', '', 'A-3'],
    ]);
    const before = await stage.contacts();
    const second = await run('second.csv', [
      [phone(1), 'Sara Al-Harbi', '', 'spring', 'B-1'],
      [phone(2), '', 'omar@example.com', 'vip', 'B-2'],
      [phone(4), 'New one', '', 'spring', 'B-4'],
      [phone(5), 'New two', '', '', ''],
    ]);
    expect(await stage.contacts()).toHaveLength(5);
    const { totals, undo: result } = await undo(second);
    expect(totals).toMatchObject({ inserted: 2, updated: 2 });
    expect(result).toMatchObject({ removed: 2, restored: 2, kept: 0 });
    expect(await stage.contacts()).toEqual(before);
  });

  it('does not write contacts that the import said nothing new of', async () => {
    await run('before.csv', [
      [phone(1), 'Sara', 'sara@example.com', 'vip', 'A-1'],
      [phone(2), 'Omar', '', '', ''],
    ]);
    const second = await run('same.csv', [
      [phone(1), 'Sara', '', 'vip', 'A-1'],
      [phone(2), 'Omar K.', '', '', ''],
    ]);
    const changedAt = async (): Promise<unknown[]> => {
      const { rows } = await stage.pool.query<{ updated_at: Date }>(
        'SELECT updated_at FROM contacts ORDER BY phone',
      );
      return rows;
    };
    const before = await changedAt();
    expect((await undo(second)).undo).toMatchObject({ removed: 0, restored: 2, kept: 0 });
    const after = await changedAt();
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).not.toEqual(before[1]);
  });

  it('leaves alone, and lists, what was changed since', async () => {
    await run('before.csv', [
      [phone(1), 'Sara', '', '', ''],
      [phone(2), 'Omar', '', '', ''],
    ]);
    const second = await run('second.csv', [
      [phone(1), 'Sara H.', '', '', ''],
      [phone(2), 'Omar K.', '', '', ''],
      [phone(3), 'Renamed since', '', '', ''],
      [phone(4), 'Deleted since', '', '', ''],
      [phone(5), 'Imported again', '', '', ''],
      [phone(6), 'Untouched', '', '', ''],
    ]);
    await run('third.csv', [[phone(5), 'Imported again', '', '', '']]);
    await stage.pool.query(`UPDATE contacts SET opted_out_at = now() WHERE ${contactOf(2)}`);
    await stage.pool.query(`UPDATE contacts SET name = 'By hand' WHERE ${contactOf(3)}`);
    await stage.pool.query(`DELETE FROM contacts WHERE ${contactOf(4)}`);
    expect((await undo(second)).undo).toMatchObject({ removed: 1, restored: 1, kept: 4 });
    const kept = unwrap(
      await stage.imports.handlers.kept({ importId: second, start: 0, count: 10 }, context(stage)),
    );
    expect(kept).toEqual({
      total: 4,
      rows: [
        { row: 3, phone: phone(2), name: 'Omar K.', because: 'changed' },
        { row: 4, phone: phone(3), name: 'By hand', because: 'changed' },
        { row: 5, phone: phone(4), name: 'Deleted since', because: 'gone' },
        { row: 6, phone: phone(5), name: 'Imported again', because: 'imported-again' },
      ],
    });
    expect((await stage.contacts()).map(({ name }) => name)).toEqual([
      'Sara',
      'Omar K.',
      'By hand',
      'Imported again',
    ]);
  });

  it('leaves alone a contact whose phone number was corrected since', async () => {
    await run('before.csv', [[phone(1), 'Sara', '', '', '']]);
    const second = await run('second.csv', [
      [phone(1), 'Sara H.', '', '', ''],
      [phone(2), 'Omar', '', '', ''],
    ]);
    await stage.pool.query(`UPDATE contacts SET phone = '${phone(8)}' WHERE ${contactOf(1)}`);
    await stage.pool.query(`UPDATE contacts SET phone = '${phone(9)}' WHERE ${contactOf(2)}`);
    expect((await undo(second)).undo).toMatchObject({ removed: 0, restored: 0, kept: 2 });
    const { rows } = unwrap(
      await stage.imports.handlers.kept({ importId: second, start: 0, count: 10 }, context(stage)),
    );
    expect(rows).toEqual([
      { row: 2, phone: phone(8), name: 'Sara H.', because: 'changed' },
      { row: 3, phone: phone(9), name: 'Omar', because: 'changed' },
    ]);
    expect((await stage.contacts()).map(({ name }) => name)).toEqual(['Sara H.', 'Omar']);
  });

  it('goes on where it was stopped', async () => {
    const rows = Array.from({ length: 16_000 }, (_, n) => [phone(n), `P${n}`, '', '', '']);
    const importId = await run('many.csv', rows);
    const console1 = stage.restart();
    unwrap(await console1.handlers.undo({ importId }, context(stage)));
    await console1.stop();
    const stopped = (await read(importId)).undo;
    expect(stopped?.finishedAt).toBeNull();
    expect(stopped?.removed).toBeLessThan(16_000);
    const console2 = stage.restart();
    await console2.start();
    expect((await undone(importId)).undo).toMatchObject({ removed: 16_000, restored: 0, kept: 0 });
    expect(await stage.contacts()).toEqual([]);
    await console2.stop();
  }, 60_000);

  it('is done once, of an import that has ended, by its own organization', async () => {
    const draft = await stage.open(
      await stage.write('draft.csv', csv([HEADER, [phone(1), 'A', '', '', '']])),
    );
    const { handlers } = stage.imports;
    expect(await handlers.undo({ importId: draft.id }, context(stage))).toMatchObject({
      error: { code: 'conflict' },
    });
    const importId = await run('once.csv', [[phone(1), 'A', '', '', '']]);
    const stranger = { ...context(stage), actor: { ...stage.actor, organizationId: crypto.randomUUID() } };
    expect(await handlers.undo({ importId }, stranger)).toMatchObject({ error: { code: 'not_found' } });
    await undo(importId);
    expect(await handlers.undo({ importId }, context(stage))).toMatchObject({
      error: { message: 'This import was taken back already.' },
    });
  });
});
