/** How a CSV file is written, from its first bytes: encoding, delimiter, what to skip. */

export const CSV_ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1251',
  'windows-1256',
] as const;
/** Labels that TextDecoder knows. */
export type CsvEncoding = (typeof CSV_ENCODINGS)[number];

export const CSV_DELIMITERS = [',', ';', '\t', '|'] as const;
export type CsvDelimiter = (typeof CSV_DELIMITERS)[number];

export interface CsvSniff {
  readonly encoding: CsvEncoding;
  readonly delimiter: CsvDelimiter;
  /** Bytes to skip before the first record: byte order mark and `sep=` line. */
  readonly dataOffset: number;
  /** True where a `sep=` line said so. */
  readonly delimiterStated: boolean;
  /** True where a byte order mark said so. */
  readonly encodingStated: boolean;
}

const SNIFFED_RECORDS = 50;

/** Judges by the first bytes of the file; 64 KiB are plenty. Both guesses can be overruled by the user. */
export function sniffCsv(head: Uint8Array): CsvSniff {
  const { encoding, bomLength } = sniffEncoding(head);
  const text = asciiView(head.subarray(bomLength), encoding);
  const bytesPerUnit = encoding.startsWith('utf-16') ? 2 : 1;
  const stated = /^"?sep=([,;\t|])"?(?:\r\n|\n|\r|$)/i.exec(text);
  const delimiter = parseDelimiter(stated?.[1]);
  const shared = { encoding, encodingStated: bomLength > 0 };
  if (stated !== null && delimiter !== undefined) {
    const dataOffset = bomLength + stated[0].length * bytesPerUnit;
    return { ...shared, delimiter, dataOffset, delimiterStated: true };
  }
  return { ...shared, delimiter: sniffDelimiter(text), dataOffset: bomLength, delimiterStated: false };
}

function parseDelimiter(text: string | undefined): CsvDelimiter | undefined {
  return CSV_DELIMITERS.find((delimiter) => delimiter === text);
}

interface EncodingGuess {
  readonly encoding: CsvEncoding;
  readonly bomLength: number;
}

function sniffEncoding(head: Uint8Array): EncodingGuess {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bomLength: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bomLength: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bomLength: 2 };
  return { encoding: utf16WithoutMark(head) ?? (isUtf8(head) ? 'utf-8' : sniffCodePage(head)), bomLength: 0 };
}

/** Delimiters and line ends are ASCII: in UTF-16 their other byte is 0, always on the same side. */
function utf16WithoutMark(head: Uint8Array): CsvEncoding | undefined {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < head.length; i += 1) {
    if (head[i] !== 0) continue;
    if (i % 2 === 0) even += 1;
    else odd += 1;
  }
  const many = head.length / 20;
  if (odd > many && even < odd / 20) return 'utf-16le';
  return even > many && odd < even / 20 ? 'utf-16be' : undefined;
}

/** Letters of several bytes that stand for one that is broken: in a code page hardly any byte makes such a letter. */
export const LETTERS_A_BROKEN_BYTE = 10;

/**
 * UTF-8, also with a letter here and there that another program has cut: all others would be wrong in a code page. A
 * sequence cut off by the end of the sample is forgiven.
 */
function isUtf8(bytes: Uint8Array): boolean {
  let letters = 0;
  let broken = 0;
  for (let i = 0; i < bytes.length;) {
    const length = sequenceAt(bytes, i);
    if (length === 0) broken += 1;
    else if (length > 1) letters += 1;
    i += Math.max(1, length);
  }
  return letters >= LETTERS_A_BROKEN_BYTE * broken;
}

/** Bytes of the sequence that begins here; 0 where it is none. */
function sequenceAt(bytes: Uint8Array, start: number): number {
  const length = sequenceLength(bytes[start] ?? 0);
  for (let k = 1; k < length && start + k < bytes.length; k += 1) {
    if (((bytes[start + k] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Bytes of the sequence that a lead byte begins; 0 where it begins none. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Arabic letters of Windows-1256. */
const ARABIC_LETTER = (byte: number): boolean =>
  (byte >= 0xc1 && byte <= 0xdf && byte !== 0xd7) ||
  [0xe1, 0xe3, 0xe4, 0xe5, 0xe6, 0xec, 0xed].includes(byte);

/**
 * Western text has single accented letters between ASCII ones; Arabic and Cyrillic text has whole words above
 * 0xC0. Of those, only Arabic stays away from 0xE0, 0xE8, 0xEE: the commonest Cyrillic vowels.
 */
function sniffCodePage(bytes: Uint8Array): CsvEncoding {
  let inWords = 0;
  let arabic = 0;
  let high = 0;
  let run: number[] = [];
  const endRun = (): void => {
    if (run.length >= 3) {
      inWords += run.length;
      arabic += run.filter(ARABIC_LETTER).length;
    }
    run = [];
  };
  for (const byte of bytes) {
    if (byte < 0xc0) {
      endRun();
      continue;
    }
    high += 1;
    run.push(byte);
  }
  endRun();
  if (high === 0 || inWords < high * 0.5) return 'windows-1252';
  return arabic >= inWords * 0.9 ? 'windows-1256' : 'windows-1251';
}

/** The delimiters and quotes of the text, other characters as they fall: enough to count fields. */
function asciiView(bytes: Uint8Array, encoding: CsvEncoding): string {
  const step = encoding.startsWith('utf-16') ? 2 : 1;
  const low = encoding === 'utf-16be' ? 1 : 0;
  const parts: string[] = [];
  for (let i = 0; i + step <= bytes.length; i += step) {
    const wide = step === 2 && bytes[i + (1 - low)] !== 0;
    parts.push(wide ? '?' : String.fromCharCode(bytes[i + low] ?? 0));
  }
  return parts.join('');
}

/** The delimiter that splits the first records into the same number of fields most often, and into most. */
function sniffDelimiter(text: string): CsvDelimiter {
  let best: { delimiter: CsvDelimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of CSV_DELIMITERS) {
    const score = rateDelimiter(fieldCounts(text, delimiter));
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function rateDelimiter(counts: readonly number[]): number {
  const frequency = new Map<number, number>();
  for (const count of counts) frequency.set(count, (frequency.get(count) ?? 0) + 1);
  const [common] = [...frequency].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  if (common === undefined) return 0;
  const [fields, records] = common;
  // Square, because agreement says more than the number of fields ("1,5;2,5" splits at commas too).
  return fields < 2 ? 0 : (records / counts.length) ** 2 * (1 + Math.log2(fields) / 10);
}

/** Fields per record, quotes respected, blank lines and a cut-off last record left out. */
function fieldCounts(text: string, delimiter: CsvDelimiter): number[] {
  const counts: number[] = [];
  let fields = 1;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length && counts.length < SNIFFED_RECORDS; i += 1) {
    const char = text[i];
    if (char === '"') {
      const opens = !quoted && (i === start || text[i - 1] === delimiter);
      if (quoted || opens) quoted = !quoted;
    } else if (quoted) continue;
    else if (char === delimiter) fields += 1;
    else if (char === '\n' || char === '\r') {
      if (i > start) counts.push(fields);
      fields = 1;
      start = i + 1;
    }
  }
  if (counts.length === 0 && start < text.length) counts.push(fields);
  return counts;
}
