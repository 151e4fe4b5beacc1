import { ScannerDeclined } from './declined';

export const SPACE = 32;
export const SLASH = 47;
const GREATER = 62;
const PLAIN_TAG = /^<(?:\/[a-zA-Z][\w:.-]*|[a-zA-Z][\w:.-]*(?:\s+[a-zA-Z][\w:.-]*="[^"<>&]*")*\s*\/?)$/;

/** Where a scanner is in a part: before the elements it looks for, among them, or behind them. */
export type Place = 'before' | 'within' | 'after';

/** Whether this element begins at a place: `<c` is not the beginning of `<cols>`. */
export function startsTag(text: string, at: number, tag: string): boolean {
  if (!text.startsWith(tag, at)) return false;
  const next = text.charCodeAt(at + tag.length);
  return next === GREATER || next === SLASH || next <= SPACE;
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= SPACE) at += 1;
  return at;
}

/** The `>` of a tag; declines what is not of the usual form, as attributes may hold one, too. */
export function tagEnd(text: string, at: number): number {
  const end = text.indexOf('>', at);
  if (end === -1 || !PLAIN_TAG.test(text.slice(at, end))) throw new ScannerDeclined('odd attributes');
  return end;
}
