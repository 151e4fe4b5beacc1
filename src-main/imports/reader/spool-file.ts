import type { SpreadsheetFile } from './row-source';
import { SpooledRows } from './spooled-rows';

/** A sheet that was spooled already: its rows are read without the file's own format. */
export async function openSpool(spool: string, sheet: string): Promise<SpreadsheetFile> {
  const spooled = await SpooledRows.open(spool, 0);
  return {
    format: 'spool',
    sheets: [{ name: sheet, rows: spooled.length, hidden: false }],
    async *rows() {
      for await (const { rows } of spooled.batches()) yield rows;
    },
    close: () => spooled.close(),
  };
}
