import { randomFillSync } from 'node:crypto';
import type { StagedRow } from './staged-row';

/** Takes the lines of {@link createCopyWriter}. */
export const COPY_STAGED_ROWS = `
  COPY import_rows (import_id, organization_id, row_no, state, phone, name, email, tags, only_import_tags,
                    custom_fields, opt_out, cells, reasons, duplicate_of_row, contact_id) FROM STDIN`;

/**
 * Writes staged rows as lines of COPY's text format. A row that is to be written gets the id that its contact
 * will have: the job then need not tell each row which contact it made.
 */
export function createCopyWriter(target: {
  readonly importId: string;
  readonly organizationId: string;
}): (row: StagedRow) => string {
  const start = `${target.importId}\t${target.organizationId}\t`;
  const nextId = createOrderedIds();
  return (row) => {
    const custom = text(JSON.stringify(row.custom));
    const contactId = row.state === 'staged' ? nextId() : NULL;
    return (
      `${start}${row.row}\t${row.state}\t${row.phone ?? NULL}\t${optional(row.name)}\t${optional(row.email)}\t` +
      `${list(row.tags)}\t${row.onlyImportTags ? 't' : 'f'}\t${custom}\t${row.optOut ? 't' : 'f'}\t` +
      `${json(row.cells)}\t${json(row.reasons)}\t` +
      `${row.duplicateOf ?? NULL}\t${contactId}\n`
    );
  };
}

const NULL = '\\N';
const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function text(value: string): string {
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? '') : value;
}

const optional = (value: string | null): string => (value === null ? NULL : text(value));
const json = (value: unknown): string => (value === null ? NULL : text(JSON.stringify(value)));

function list(values: readonly string[]): string {
  if (values.length === 0) return '{}';
  return text(`{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
}

const RANDOM_BYTES = 8 * 1_024;

/**
 * Version 7 of UUID (RFC 9562): the time, then a counter, then 62 random bits. Ids that ascend are written to
 * the end of an index and not all over it.
 */
function createOrderedIds(): () => string {
  const random = Buffer.alloc(RANDOM_BYTES);
  let used = RANDOM_BYTES;
  let lastMs = 0;
  let counter = 0;
  return () => {
    if (used === RANDOM_BYTES) {
      randomFillSync(random);
      used = 0;
    }
    // More than 4,096 ids in a millisecond borrow from the next one.
    lastMs = counter === 0xfff ? lastMs + 1 : Math.max(lastMs, Date.now());
    counter = (counter + 1) & 0xfff;
    const time = lastMs.toString(16).padStart(12, '0');
    random.writeUInt8((random.readUInt8(used) & 0x3f) | 0x80, used);
    const tail = random.toString('hex', used, used + 8);
    used += 8;
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}
