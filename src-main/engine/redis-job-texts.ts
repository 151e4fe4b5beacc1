import { MAX_LABEL, MAX_STACK, type JobAbout } from './selection';

/**
 * Texts out of the bytes that Redis keeps of a job. Of 20,000 failures with 2 KB each it is faster to find a part in
 * the bytes and to decode that than to decode all: the texts that nobody asks for would only have to be collected.
 */

/** A payload beyond this many bytes is not looked into for what the job is about. */
const MAX_ABOUT_DATA = 16_384;
const ID_LENGTH = 36;
/** Bytes that one character takes at most in JSON: `\u0000`. */
const ESCAPED = 6;

const BETWEEN = Buffer.from('","');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CAMPAIGN = Buffer.from('"campaignId":"');
const IMPORT = Buffer.from('"importId":"');
const LABEL = Buffer.from('"label":"');

/** Of a JSON list of stacks the last one, cut to what is read of a stack. */
export const lastStack = (json: Buffer): string => {
  if (json.length <= 2) return '';
  const between = json.lastIndexOf(BETWEEN);
  const from = between === -1 ? 1 : between + 2;
  // The rest of an over-long one is not even decoded.
  const most = from + MAX_STACK * ESCAPED;
  const last =
    most < json.length ? cutText(json, from + 1, most) : parsed(json.toString('utf8', from, json.length - 1));
  return (typeof last === 'string' ? last : lastOfList(json)).slice(0, MAX_STACK);
};

/** For lists whose last text holds what looks like the place between two. */
const lastOfList = (json: Buffer): string => {
  const list = parsed(json.toString());
  const last: unknown = Array.isArray(list) ? list.at(-1) : undefined;
  return typeof last === 'string' ? last : '';
};

/** What a payload says that it is about, without parsing all of it: this is asked of every failure. */
export const aboutOf = (json: Buffer): JobAbout | null => {
  if (json.length > MAX_ABOUT_DATA) return null;
  const campaignId = valueOf(json, CAMPAIGN, ID_LENGTH);
  const importId = valueOf(json, IMPORT, ID_LENGTH);
  if (campaignId === null && importId === null) return null;
  return { campaignId, importId, label: valueOf(json, LABEL, MAX_LABEL) };
};

const valueOf = (json: Buffer, key: Buffer, longest: number): string | null => {
  const found = json.indexOf(key);
  if (found === -1) return null;
  const from = found + key.length;
  let end = json.indexOf(QUOTE, from);
  // A quote after an odd number of backslashes belongs to the text.
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf(QUOTE, end + 1);
  return cutText(json, from, Math.min(end === -1 ? json.length : end, from + longest * ESCAPED)).slice(
    0,
    longest,
  );
};

const isEscaped = (json: Buffer, at: number): boolean => {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
};

/** The inside of a JSON text, which may be cut anywhere: in the middle of an escape, too. */
const cutText = (json: Buffer, from: number, to: number): string => {
  const inside = json.toString('utf8', from, to);
  if (!inside.includes('\\')) return inside;
  for (let left = inside.length; left >= inside.length - ESCAPED; left -= 1) {
    const text = parsed(`"${inside.slice(0, left)}"`);
    if (typeof text === 'string') return text;
  }
  return inside;
};

/** Undefined where it is no JSON. */
const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};
