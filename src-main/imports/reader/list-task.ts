import { createRowReader, listColumns } from '@shared/domain/recipient-list';
import type { z } from 'zod';
import type { backgroundContract } from '../../background/contract';
import { entryLine } from '../../campaigns/audience/lists/copy-text';
import { LineBuffer } from './line-buffer';
import type { StagedBatch } from './protocol';
import type { SpreadsheetFile } from './row-source';
import { dataRows } from './sheet-rows';

/** Entries of one COPY. PGlite answers nobody else meanwhile, so not more. */
const BATCH_ENTRIES = 5_000;

type ListPlan = z.infer<typeof backgroundContract.spreadsheets.list.input>;

/** Reads a whole sheet as a list of recipients and hands its entries out in batches, ready for the database. */
export async function listSheet(
  file: SpreadsheetFile,
  plan: ListPlan,
  send: (batch: StagedBatch & { readonly copy: Uint8Array<ArrayBuffer> }) => Promise<void>,
): Promise<number> {
  const read = createRowReader(listColumns(plan.mapping), plan.defaultCountry);
  const lines = new LineBuffer();
  let entries = 0;
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (rows === 0) return;
    const batch = { read: entries, expected: null, rows, copy: lines.take() };
    rows = 0;
    await send(batch);
  };
  for await (const batch of dataRows(file, plan)) {
    for (const { cells } of batch) {
      const entry = read(cells);
      if (entry === undefined) continue;
      lines.add(entryLine(plan.listId, entries, entry));
      entries += 1;
      rows += 1;
      if (rows >= BATCH_ENTRIES) await flush();
    }
  }
  await flush();
  return entries;
}
