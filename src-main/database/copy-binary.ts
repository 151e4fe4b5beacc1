/**
 * Rows in COPY's binary format, written into one piece of memory as they come: PostgreSQL then looks at no byte twice
 * to find where a value ends, and here no text is put together only to be turned into bytes.
 */
export class BinaryRows {
  private bytes: Buffer;
  /** The same memory: V8 writes a number there without the call that Buffer's own methods are. */
  private view: DataView;
  private used = 0;

  constructor(firstBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(firstBytes);
    this.view = viewOf(this.bytes);
    this.begin();
  }

  /** Where the next byte will be. */
  get length(): number {
    return this.used;
  }

  startRow(fields: number): void {
    this.reserve(2);
    this.view.setInt16(this.used, fields);
    this.used += 2;
  }

  null(): void {
    this.int32(-1);
  }

  integer(value: number): void {
    this.int32(4);
    this.int32(value);
  }

  boolean(value: boolean): void {
    this.int32(1);
    this.reserve(1);
    this.bytes[this.used++] = value ? 1 : 0;
  }

  /** A field as `fieldOf` has made it, its length included. */
  field(field: Uint8Array): void {
    const { length } = field;
    this.reserve(length);
    const { bytes, used } = this;
    // A few bytes are sooner copied than a copy is called.
    for (let index = 0; index < length; index += 1) bytes[used + index] = field[index] ?? 0;
    this.used += length;
  }

  text(value: string): void {
    const start = this.startField();
    this.characters(value);
    this.endField(start);
  }

  /** `text[]`. */
  texts(values: readonly string[]): void {
    const start = this.startField();
    this.int32(values.length === 0 ? 0 : 1);
    this.int32(0); // no element is null
    this.int32(TEXT_OID);
    if (values.length > 0) {
      this.int32(values.length);
      this.int32(1); // the first index
      for (const value of values) this.text(value);
    }
    this.endField(start);
  }

  /** `jsonb` of anything that JSON has. */
  json(value: unknown): void {
    const start = this.startField();
    this.ascii(JSONB_VERSION);
    this.characters(JSON.stringify(value));
    this.endField(start);
  }

  /** `jsonb` of an object of texts. */
  jsonOfTexts(values: Readonly<Record<string, string>>): void {
    const start = this.startField();
    this.ascii(JSONB_VERSION);
    this.ascii(OPENING_BRACE);
    let isFirst = true;
    for (const key of Object.keys(values)) {
      if (!isFirst) this.ascii(COMMA);
      isFirst = false;
      this.jsonText(key);
      this.ascii(COLON);
      this.jsonText(values[key] ?? '');
    }
    this.ascii(CLOSING_BRACE);
    this.endField(start);
  }

  /** Room for a uuid that {@link fillUuid} gets later; answers where. */
  roomForUuid(): number {
    this.int32(UUID_BYTES);
    this.reserve(UUID_BYTES);
    const at = this.used;
    this.used += UUID_BYTES;
    return at;
  }

  /** The uuid that begins at a byte of others. */
  fillUuid(at: number, uuids: Uint8Array, from: number): void {
    const { bytes } = this;
    for (let index = 0; index < UUID_BYTES; index += 1) bytes[at + index] = uuids[from + index] ?? 0;
  }

  /** All rows, in memory of its own that can be handed over to another thread; begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    this.startRow(-1);
    const taken = new Uint8Array(this.bytes.subarray(0, this.used));
    this.begin();
    return taken;
  }

  private begin(): void {
    this.used = SIGNATURE.copy(this.bytes);
  }

  private startField(): number {
    this.int32(0);
    return this.used;
  }

  private endField(start: number): void {
    this.view.setInt32(start - 4, this.used - start);
  }

  private int32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.used, value);
    this.used += 4;
  }

  private ascii(code: number): void {
    this.reserve(1);
    this.bytes[this.used++] = code;
  }

  private jsonText(value: string): void {
    this.reserve(value.length + 2);
    const { bytes } = this;
    let at = this.used;
    bytes[at++] = QUOTE;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code < SPACE || code >= DELETE || code === QUOTE || code === BACKSLASH)
        return this.characters(JSON.stringify(value));
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.used = at;
  }

  /** UTF-8. For the short texts of a row, a loop over ASCII is sooner done than a call of what takes any text. */
  private characters(value: string): void {
    this.reserve(value.length * BYTES_A_CHARACTER);
    const { bytes } = this;
    let at = this.used;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code >= DELETE || index > SHORT) {
        this.used += bytes.write(value, this.used, 'utf8');
        return;
      }
      bytes[at++] = code;
    }
    this.used = at;
  }

  private reserve(more: number): void {
    const needed = this.used + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * needed);
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** A uuid as a field that stands in many rows. */
export function uuidField(uuid: string): Uint8Array {
  const field = Buffer.alloc(4 + UUID_BYTES);
  field.writeInt32BE(UUID_BYTES);
  field.write(uuid.replaceAll('-', ''), 4, 'hex');
  return field;
}

/** A text as a field that stands in many rows. */
export function textField(text: string): Uint8Array {
  const field = Buffer.alloc(4 + Buffer.byteLength(text));
  field.writeInt32BE(field.length - 4);
  field.write(text, 4);
  return field;
}

export const UUID_BYTES = 16;

/** What every binary COPY begins with; neither flags nor an extension follow it. */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TEXT_OID = 25;
const JSONB_VERSION = 1;
/** UTF-8 needs at most three bytes for what is one character to JavaScript. */
const BYTES_A_CHARACTER = 3;
const SHORT = 64;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;
const DELETE = 127;
