import { BinaryRows, textField, UUID_BYTES, uuidField } from '../../database/copy-binary';
import { ascendingOrder } from './ascending-order';
import { createOrderedIds } from './ordered-ids';
import type { StagedRow } from './staged-row';

/** Takes what a {@link CopyBuffer} gathers. */
export const COPY_STAGED_ROWS = `
  COPY import_rows (import_id, organization_id, row_no, state, phone, name, email, tags, only_import_tags,
                    custom_fields, opt_out, cells, reasons, duplicate_of_row, contact_id)
  FROM STDIN WITH (FORMAT binary)`;
const FIELDS = 15;

const FIRST_BYTES = 2 * 1024 ** 2;

/**
 * Gathers staged rows as the bytes of COPY's binary format: as text, thousands of lines would be moved about by each
 * garbage collection. A row that is to be written gets the id that its contact will have: the job then need not
 * tell each row which contact it made.
 *
 * Contacts are written in the order of their phones, so that imports which share some do not wait for each other in
 * a circle. The ids of a batch ascend with its phones: what is written then comes to the end of every index that
 * the id is in, and not all over it.
 */
export class CopyBuffer {
  private readonly rows = new BinaryRows(FIRST_BYTES);
  private readonly importId: Uint8Array;
  private readonly organizationId: Uint8Array;
  private readonly nextIds = createOrderedIds();
  /** Of the rows that wait for an id: their phones, and where the id is to stand. */
  private readonly phones: number[] = [];
  private readonly places: number[] = [];

  constructor(target: { readonly importId: string; readonly organizationId: string }) {
    this.importId = uuidField(target.importId);
    this.organizationId = uuidField(target.organizationId);
  }

  add(row: StagedRow): void {
    const { rows } = this;
    rows.startRow(FIELDS);
    rows.field(this.importId);
    rows.field(this.organizationId);
    rows.integer(row.row);
    rows.field(STATES[row.state]);
    this.text(row.phone);
    this.text(row.name);
    this.text(row.email);
    rows.texts(row.tags);
    rows.boolean(row.onlyImportTags);
    rows.jsonOfTexts(row.custom);
    rows.boolean(row.optOut);
    this.json(row.cells);
    this.json(row.reasons);
    if (row.duplicateOf === null) rows.null();
    else rows.integer(row.duplicateOf);
    if (row.state !== 'staged') return rows.null();
    this.places.push(rows.roomForUuid());
    this.phones.push(Number(row.phone));
  }

  /** What was gathered, in memory of its own that can be handed over to another thread; begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    this.giveIds();
    return this.rows.take();
  }

  private text(value: string | null): void {
    if (value === null) this.rows.null();
    else this.rows.text(value);
  }

  private json(value: unknown): void {
    if (value === null) this.rows.null();
    else this.rows.json(value);
  }

  /** The ids ascend with the phones. */
  private giveIds(): void {
    const ids = this.nextIds(this.places.length);
    ascendingOrder(this.phones).forEach((index, rank) => {
      this.rows.fillUuid(this.places[index] ?? 0, ids, rank * UUID_BYTES);
    });
    this.phones.length = 0;
    this.places.length = 0;
  }
}

const STATES = {
  staged: textField('staged'),
  skipped: textField('skipped'),
  rejected: textField('rejected'),
} as const satisfies Record<StagedRow['state'], Uint8Array>;
