import { readFileSync } from 'node:fs';
import { read, utils, write, type WorkBook } from 'xlsx';
import {
  ImportOptions,
  type ContinuedImport,
  type ImportDraft,
  type ImportSummary,
} from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { context, type ImportStage } from './import-stage';

export type Row = (string | number | null)[];
export const phone = (n: number): string => `+9665${10_000_000 + n}`;
export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.join(',')).join('\n');

/** Two rows of five are good. */
export const FIRST = csv([
  ['Mobile', 'Name', 'City'],
  [phone(1), 'Sara', 'Riyadh'],
  ['call me', 'Lena', 'Jeddah'],
  [phone(3), 'Omar', ''],
  ['12', 'Huda', 'Abha'],
  ['none', 'Ali', ''],
]);
/** Somebody who mends the rejected rows of imports on a stage, and goes on with them. */
export const mending = (stage: () => ImportStage) => {
  const rejects = async (importId: ImportId): Promise<WorkBook> => {
    const { handlers } = stage().imports;
    const { url } = unwrap(await handlers.exportRejected({ importId }, context(stage())));
    return read(readFileSync(stage().files.resolve(url)?.path ?? ''));
  };
  /** The rejected rows of an import after somebody has edited and saved them, under any name. */
  const mend = async (importId: ImportId, edit: (rows: Row[]) => Row[]): Promise<string> => {
    const book = await rejects(importId);
    const [name = ''] = book.SheetNames;
    const rows = utils.sheet_to_json<Row>(book.Sheets[name] ?? {}, { header: 1, defval: null });
    book.Sheets[name] = utils.aoa_to_sheet(edit(rows));
    const content = write(book, { type: 'buffer', bookType: 'xlsx' }) as Uint8Array;
    return stage().write('mended by hand.xlsx', Buffer.from(content));
  };
  const settings = (
    draft: ImportDraft,
    continues: ContinuedImport,
    options: Partial<ImportOptions> = {},
  ) => ({
    importId: draft.id,
    mapping: continues.columns.map(({ target }) => target),
    options: ImportOptions.parse({ ...continues.options, ...options }),
    continueImport: true,
  });
  const continued = (draft: ImportDraft): ContinuedImport => {
    if (draft.continues === null) throw new Error('The file goes on with no import.');
    return draft.continues;
  };
  const goOn = async (draft: ImportDraft, options: Partial<ImportOptions> = {}): Promise<ImportSummary> =>
    unwrap(
      await stage().imports.handlers.start(settings(draft, continued(draft), options), context(stage())),
    );
  const get = async (importId: ImportId): Promise<ImportSummary> =>
    unwrap(await stage().imports.handlers.get({ importId }, context(stage())));
  return { rejects, mend, settings, continued, goOn, get };
};
