/** Header names as text: normalised for comparison, and as keys of custom fields. */

import { cutText } from './cell';

// Accents of Latin letters, Arabic vowel signs, hamza marks and the tatweel.
const MARKS = /[\u0300-\u036f\u064b-\u0655\u0640]/g;
const LIGATURES: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
};
const MAX_KEY_LENGTH = 60;

/**
 * Lower case, no accents, no punctuation, words separated by one space, camelCase split, Arabic spelling
 * variants unified: "E-Mail_Adresse*" → "e mail adresse".
 */
export function normaliseHeader(header: string): string {
  return splitCamelCase(header)
    .toLowerCase()
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(/[ßæœøłđı]/g, (letter) => LIGATURES[letter] ?? letter)
    .replaceAll('ة', 'ه')
    .replaceAll('ى', 'ي')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function splitCamelCase(header: string): string {
  return header.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2').replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2');
}

/**
 * The key under which a column is kept and used in templates: "Order ID" → "order_id". A header that already
 * is an identifier ("orderId", "order_id") stays as it is. Letters of any script stay.
 */
export function customFieldKey(header: string): string {
  const text = header.trim();
  if (/^[a-z][A-Za-z0-9_]*$/.test(text) && text.length <= MAX_KEY_LENGTH) return text;
  const key = splitCamelCase(text)
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøłđı]/g, (letter) => LIGATURES[letter] ?? letter)
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_');
  const short = cutText(key, MAX_KEY_LENGTH).replace(/^_+|_+$/g, '');
  return short === '' ? 'field' : short;
}

/** `key`, or `key_2`, `key_3`… where it is taken. */
export function uniqueKey(key: string, isTaken: (candidate: string) => boolean): string {
  if (!isTaken(key)) return key;
  let n = 2;
  while (isTaken(`${key}_${n}`)) n += 1;
  return `${key}_${n}`;
}

/**
 * Similarity of two short texts, 0 to 1: one minus the edits (insert, delete, replace, swap of neighbours)
 * over the longer length.
 */
export function similarity(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - editDistance(a, b) / longest;
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const edits = Math.min(
        at(previous, j) + 1,
        at(current, j - 1) + 1,
        at(previous, j - 1) + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      current.push(swapped ? Math.min(edits, at(beforePrevious, j - 2) + 1) : edits);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
