/** One part of a line of search: `key:value`, or a free word where there is no key. */
export interface QueryTerm {
  readonly key: string | null;
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

export type QueryTerms =
  | { readonly ok: true; readonly terms: readonly QueryTerm[] }
  | {
      readonly ok: false;
      readonly problem: { readonly message: string; readonly from: number; readonly to: number };
    };

const SPACE = /\s/;
const KEY = /^([A-Za-z][\w-]*(?:\.[^\s:"[\].]+|\[\d{0,9}\])*):/;

/** Cuts a line of search at its spaces; what stands in quotes stays together, with `\"` for a quote in it. */
export function queryTerms(text: string): QueryTerms {
  const terms: QueryTerm[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const from = at;
    const key = KEY.exec(text.slice(at))?.[1] ?? null;
    if (key !== null) at += key.length + 1;
    const read = text.charAt(at) === '"' ? quotedText(text, at) : plainText(text, at);
    if (read === undefined) {
      const message = 'These quotes are never closed.';
      return { ok: false, problem: { message, from: at, to: text.length } };
    }
    terms.push({ key, value: read.value, from, to: read.end });
    at = read.end;
  }
  return { ok: true, terms };
}

interface ReadText {
  readonly value: string;
  readonly end: number;
}

function plainText(text: string, from: number): ReadText {
  let end = from;
  while (end < text.length && !SPACE.test(text.charAt(end))) end += 1;
  return { value: text.slice(from, end), end };
}

function quotedText(text: string, from: number): ReadText | undefined {
  let value = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { value, end: at + 1 };
    const next = text.charAt(at + 1);
    if (char === '\\' && (next === '"' || next === '\\')) {
      value += next;
      at += 1;
    } else value += char;
  }
  return undefined;
}

/** A text as a value of a line of search, in quotes where it would be read otherwise. */
export function quoted(text: string, alone = false): string {
  const isPlain = text !== '' && !/[\s"]/.test(text) && !(alone && KEY.test(text));
  return isPlain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
