import { normaliseHeader } from './header-text';
import { cellText, type CellValue } from './cell';

const YES = new Set([
  ...['yes', 'y', 'true', 't', '1', 'x', 'on', 'opt out', 'opted out', 'unsubscribed', 'stop'],
  ...[
    'ja',
    'j',
    'wahr',
    'abgemeldet',
    'oui',
    'o',
    'vrai',
    'si',
    'verdadero',
    'sim',
    's',
    'verdadeiro',
    'نعم',
  ],
]);
const NO = new Set([
  ...['no', 'n', 'false', 'f', '0', 'off', 'subscribed', 'active'],
  ...['nein', 'falsch', 'non', 'faux', 'falso', 'nao', 'لا'],
]);

/** No answer is longer, and a megabyte of accents would take a minute to be made plain. */
const LONGEST_ANSWER = 200;

/** Yes or no in six languages, ticks and digits; blank is no; undefined where it says neither. */
export function parseYesNo(cell: CellValue | undefined): boolean | undefined {
  const raw = cellText(cell);
  if (raw === '' || raw === '-' || raw === '✗' || raw === '☐') return false;
  if (raw === '✓' || raw === '✔' || raw === '☑') return true;
  if (raw.length > LONGEST_ANSWER) return undefined;
  const word = normaliseHeader(raw);
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
}
