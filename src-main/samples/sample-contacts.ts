import type { XlsxCell } from '../files/xlsx-writer';

/** Rows of contacts in the sample: 1,000, of which 945 are good without a default country, 15 doubles and 40 faulty. */
export const SAMPLE_ROWS = 1_000;
/** 1-based: a title and a blank row stand above it, as in most exports. */
export const SAMPLE_HEADER_ROW = 3;

export const SAMPLE_HEADER = [
  'Customer name',
  'Phone',
  'Email',
  'City',
  'Order ID',
  'Amount',
  'Tags',
  'Opt out',
];

/**
 * The sample list, the same every time. All phone numbers are from ranges that are reserved for fiction, so
 * that nobody is written to: 555-0100 to 555-0199 of twelve American and Canadian area codes (NANPA), and
 * +46 70 174 06 05 to 99 (PTS, Sweden).
 */
export function sampleRows(): readonly (readonly XlsxCell[])[] {
  const random = createRandom(20_261_124);
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0];
  const rows = Array.from({ length: SAMPLE_ROWS }, (_, index): XlsxCell[] => {
    const [first, last, city] = pick(PEOPLE);
    const name = `${pick(first)} ${pick(last)}`;
    const email = random() < 0.8 ? emailFor(index) : null;
    const tags = TAGS[Math.floor(random() * TAGS.length)] ?? '';
    const amount = Math.round(random() * 50_000) / 100;
    const row: XlsxCell[] = [
      name,
      phoneFor(index),
      email,
      pick(city),
      `ORD-${10_000 + index}`,
      amount,
      tags,
      null,
    ];
    return spoil(row, index);
  });
  return [['Spring orders, exported from the shop'], [], SAMPLE_HEADER, ...rows];
}

/** A small generator of numbers from 0 to 1 (mulberry32): the sample must not differ between machines. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const AREA_CODES = [
  '212',
  '213',
  '305',
  '312',
  '415',
  '416',
  '514',
  '604',
  '617',
  '702',
  '713',
  '808',
] as const;
const SWEDISH_NUMBERS = 95;

/** The phone of a row as people write it: most as E.164, some with typography, some as bare numbers. */
function phoneFor(index: number): XlsxCell {
  if (index % 11 === 10) return swedish(Math.floor(index / 11) % SWEDISH_NUMBERS);
  const area = AREA_CODES[Math.floor(index / 100) % AREA_CODES.length] ?? '212';
  const line = `01${String(index % 100).padStart(2, '0')}`;
  switch (index % 8) {
    case 1:
      return `+1 (${area}) 555-${line}`;
    case 3:
      // Excel took it for a number and the plus is gone.
      return Number(`1${area}555${line}`);
    case 5:
      return `001 ${area} 555 ${line}`;
    case 6:
      return `+1\u00a0${area}.555.${line}`;
    default:
      return `+1${area}555${line}`;
  }
}

function swedish(offset: number): string {
  const digits = `7017406${String(5 + offset).padStart(2, '0')}`;
  const arabic = (text: string): string =>
    text.replace(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit)));
  return offset % 4 === 0 ? `+${arabic(`46${digits}`)}` : `+46 ${digits.slice(0, 2)}-${digits.slice(2)}`;
}

const emailFor = (index: number): string =>
  `customer${index + 1}@example.${['com', 'org', 'net'][index % 3] ?? 'com'}`;

const PHONE = 1;
const EMAIL = 2;
const OPT_OUT = 7;

/** Spoils some rows in the ways that import.md lists. */
function spoil(row: XlsxCell[], index: number): XlsxCell[] {
  const set = (column: number, value: XlsxCell): XlsxCell[] =>
    row.map((cell, at) => (at === column ? value : cell));
  switch (index % 200) {
    case 17: // Shown in scientific notation when it was exported as text.
      return set(PHONE, '1.21256E+10');
    case 42: // No country code: good only with a default country.
    case 142:
      return set(PHONE, `(617) 555-01${String(index % 100).padStart(2, '0')}`);
    case 61: // The same customer twice, written differently.
    case 111:
    case 161:
      return set(PHONE, doubleOf(index - 9));
    case 77:
      return set(PHONE, index < 500 ? 'call the office' : '12345');
    case 88:
      return set(EMAIL, `customer${index}(at)example.com`);
    case 99:
      return set(EMAIL, `customer${index}@example`);
    case 120:
      return set(PHONE, null);
    case 133:
      return set(OPT_OUT, 'yes');
    case 150: // Text that a spreadsheet would run.
      return set(0, '=HYPERLINK("https://example.com";"Click")');
    case 180:
      return set(PHONE, `+1212555${String(index).padStart(4, '0')}99`);
    default:
      return row;
  }
}

function doubleOf(index: number): string {
  const phone = String(phoneFor(index) ?? '')
    .replace(/\D/g, '')
    .replace(/^00/, '');
  return `+${phone.slice(0, 1)}-${phone.slice(1, 4)}-${phone.slice(4, 7)}-${phone.slice(7)}`;
}

const TAGS = [
  '',
  '',
  'vip',
  'newsletter',
  'vip, newsletter',
  'spring; retail',
  'wholesale',
  'returning | retail',
];

type Words = readonly [string, ...string[]];
/** First names, last names and cities of one place, in its own script. */
const PEOPLE: readonly [readonly [Words, Words, Words], ...(readonly [Words, Words, Words])[]] = [
  [
    ['Emma', 'Liam', 'Olivia', 'Noah', 'Ava', 'Mason'],
    ['Johnson', "O'Brien", 'Garcia', 'Smith-Lee', 'Brown'],
    ['New York', 'Boston', 'Chicago', 'Honolulu'],
  ],
  [
    ['فاطمة', 'محمد', 'نورة', 'عبد الله', 'سارة'],
    ['الحربي', 'القحطاني', 'العتيبي', 'الغامدي'],
    ['الرياض', 'جدة', 'الدمام'],
  ],
  [
    ['Åsa', 'Björn', 'Linnéa', 'Göran'],
    ['Östlund', 'Sjöberg', 'Lindström'],
    ['Malmö', 'Göteborg', 'Östersund'],
  ],
  [
    ['Chloé', 'Étienne', 'Zoë', 'François'],
    ['Lefèvre', 'Côté', 'Bélanger'],
    ['Montréal', 'Québec'],
  ],
  [
    ['美咲', '健太', '陽菜'],
    ['佐藤', '高橋', '田中'],
    ['東京', '大阪'],
  ],
  [
    ['Мария', 'Алексей', 'Екатерина'],
    ['Иванова', 'Смирнов', 'Кузнецова'],
    ['Москва', 'Казань'],
  ],
  [
    ['José', 'Lucía', 'Íñigo', 'María'],
    ['Muñoz', 'Peña', 'Domínguez'],
    ['Miami', 'Ciudad de México'],
  ],
];
