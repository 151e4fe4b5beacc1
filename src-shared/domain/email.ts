import { cutText, isTidy, withoutMarks } from './cell';

/**
 * Email addresses: the HTML standard's pattern (what browsers accept in <input type="email">), and besides
 * that a top-level domain and no "..": `a@localhost` and `a..b@example.com` pass the pattern but reach nobody.
 */

declare const emailBrand: unique symbol;
export type EmailAddress = string & { readonly [emailBrand]: true };

export type EmailErrorCode =
  | 'missing'
  | 'no-at'
  | 'several-ats'
  | 'space'
  | 'two-dots'
  | 'no-domain-ending'
  | 'bad-character'
  | 'too-long'
  | 'several-addresses';

export type EmailResult =
  | { readonly ok: true; readonly email: EmailAddress }
  | { readonly ok: false; readonly code: EmailErrorCode; readonly reason: string };

/** RFC 5321: 64 before the @, 254 in all. */
const MAX_LOCAL = 64;
const MAX_LENGTH = 254;

const ADDRESS =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\.(?:[a-zA-Z]{2,63}|[xX][nN]--[a-zA-Z0-9-]{1,59})$/;

/** The address with its domain in lower case, or a plain reason. The part before the @ is kept as written. */
export function parseEmail(cell: string): EmailResult {
  const text = isTidy(cell) ? cell : withoutMarks(cell).trim();
  if (text.length > MAX_LENGTH) return fail('too-long', 'The email address is longer than 254 characters.');
  const at = text.lastIndexOf('@');
  if (isEmailAddress(text)) {
    if (at <= MAX_LOCAL) return { ok: true, email: withLowerCaseDomain(text, at) };
    return fail('too-long', 'The part before the @ is longer than 64 characters.');
  }
  return explain(text);
}

function isEmailAddress(text: string): text is EmailAddress {
  return ADDRESS.test(text) && !text.includes('..') && !text.startsWith('.') && !text.includes('.@');
}

function withLowerCaseDomain(email: EmailAddress, at: number): EmailAddress {
  const domain = email.slice(at);
  if (domain === domain.toLowerCase()) return email;
  const lowered = email.slice(0, at) + domain.toLowerCase();
  return isEmailAddress(lowered) ? lowered : email;
}

function explain(text: string): EmailResult {
  if (text === '') return fail('missing', 'The email address is empty.');
  const shown = text.length > 60 ? `${cutText(text, 59)}…` : text;
  const ats = text.split('@').length - 1;
  if (ats > 1 && /[;,\s/|]/.test(text)) {
    return fail('several-addresses', `“${shown}” holds more than one email address. Keep one per row.`);
  }
  if (ats === 0) return fail('no-at', `“${shown}” has no @.`);
  if (ats > 1) return fail('several-ats', `“${shown}” has more than one @.`);
  if (/\s/.test(text)) return fail('space', `“${shown}” has a space in it.`);
  if (text.includes('..')) return fail('two-dots', `“${shown}” has two dots in a row.`);
  const domain = text.slice(text.indexOf('@') + 1);
  if (!/\.[^.]{2,}$/.test(domain)) {
    return fail('no-domain-ending', `“${shown}” ends without a domain such as .com.`);
  }
  return fail('bad-character', `“${shown}” is not a valid email address.`);
}

function fail(code: EmailErrorCode, reason: string): EmailResult {
  return { ok: false, code, reason };
}
