import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { ImportDraft } from '@shared/contract/imports';
import type { Template, TemplateInput } from '@shared/contract/templates';
import type { ImportId } from '@shared/domain/ids';
import { fail, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { FileExchange } from '../files/exchange';
import { writeXlsx, type XlsxCell } from '../files/xlsx-writer';
import { SAMPLE_HEADER_ROW, sampleRows } from './sample-contacts';
import { SAMPLE_TEMPLATES } from './sample-templates';

export interface SampleDependencies {
  readonly files: Pick<FileExchange, 'temporaryPath' | 'accept'>;
  /** Opens an uploaded file as an import. */
  readonly openUpload: (uploadId: string, actor: Actor, signal: AbortSignal) => Promise<Result<ImportDraft>>;
  readonly templates: {
    list(actor: Actor): Promise<readonly Pick<Template, 'name' | 'channel'>[]>;
    save(input: z.infer<typeof TemplateInput>, actor: Actor): Promise<Result<Template>>;
  };
}

export interface SampleData {
  readonly importId: ImportId;
  /** Templates that were made; those that were there already are kept and not counted. */
  readonly templates: number;
}

const FILE_NAME = 'Sample contacts.xlsx';
const BATCH_ROWS = 250;

/** Writes the sample spreadsheet to `path`; the same bytes every time. */
export function writeSampleSpreadsheet(path: string): Promise<void> {
  return writeXlsx(path, {
    name: 'Orders',
    headerRow: SAMPLE_HEADER_ROW,
    widths: [26, 22, 28, 16, 12, 10, 20, 10],
    rows: batches(sampleRows()),
  });
}

/** Opens the sample list as an import and saves the sample templates. */
export async function loadSampleData(
  { files, openUpload, templates }: SampleDependencies,
  actor: Actor,
  signal: AbortSignal,
): Promise<Result<SampleData>> {
  const path = await files.temporaryPath();
  await writeSampleSpreadsheet(path);
  const upload = await files.accept(createReadStream(path), FILE_NAME);
  await rm(path, { force: true });
  if (!upload.ok) return upload;
  const draft = await openUpload(upload.value.uploadId, actor, signal);
  if (!draft.ok) return draft;
  const known = await templates.list(actor);
  let saved = 0;
  for (const template of SAMPLE_TEMPLATES) {
    if (known.some(({ name, channel }) => isSame(template, { name, channel }))) continue;
    const result = await templates.save(template, actor);
    if (!result.ok) return fail(result.error);
    saved += 1;
  }
  return ok({ importId: draft.value.id, templates: saved });
}

const isSame = (a: Pick<Template, 'name' | 'channel'>, b: Pick<Template, 'name' | 'channel'>): boolean =>
  a.channel === b.channel && a.name.toLowerCase() === b.name.toLowerCase();

async function* batches(
  rows: readonly (readonly XlsxCell[])[],
): AsyncGenerator<readonly (readonly XlsxCell[])[], void, undefined> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    await nextTurn();
    yield rows.slice(start, start + BATCH_ROWS);
  }
}
