/** What WhatsApp refuses in a text, found before it is sent. */

/** Longest body of a text message, and longest caption of media, in UTF-16 units (never more than characters). */
export const MAX_TEXT_LENGTH = 4_096;
export const MAX_CAPTION_LENGTH = 1_024;
/** A template parameter may hold at most this many spaces in a row. */
export const MAX_SPACES_IN_ROW = 4;

export type WhatsAppTextProblemCode = 'empty' | 'too-long' | 'line-break' | 'tab' | 'spaces';

export interface WhatsAppTextProblem {
  readonly code: WhatsAppTextProblemCode;
  readonly message: string;
}

const LINE_BREAK = /[\n\r\u000b\u000c\u0085\u2028\u2029]/;
const TOO_MANY_SPACES = new RegExp(` {${MAX_SPACES_IN_ROW + 1},}`);

/** Why a text message with this body would be refused; undefined where it would not. */
export function textBodyProblem(body: string): WhatsAppTextProblem | undefined {
  if (body.trim() === '') return { code: 'empty', message: 'The message is empty.' };
  return lengthProblem(body, MAX_TEXT_LENGTH, 'message');
}

export function captionProblem(caption: string): WhatsAppTextProblem | undefined {
  return lengthProblem(caption, MAX_CAPTION_LENGTH, 'caption');
}

function lengthProblem(text: string, limit: number, what: string): WhatsAppTextProblem | undefined {
  if (text.length <= limit) return undefined;
  const message = `The ${what} has ${text.length} characters; WhatsApp takes at most ${limit}.`;
  return { code: 'too-long', message };
}

/**
 * Everything that makes WhatsApp refuse a template parameter: no value (131008), and line breaks, tabs or more
 * than four spaces in a row (132018).
 */
export function templateParameterProblems(value: string): WhatsAppTextProblem[] {
  if (value.trim() === '') return [{ code: 'empty', message: 'The parameter has no value.' }];
  const problems: WhatsAppTextProblem[] = [];
  if (LINE_BREAK.test(value))
    problems.push({ code: 'line-break', message: 'The parameter holds a line break.' });
  if (value.includes('\t')) problems.push({ code: 'tab', message: 'The parameter holds a tab.' });
  if (TOO_MANY_SPACES.test(value)) {
    const message = `The parameter holds more than ${MAX_SPACES_IN_ROW} spaces in a row.`;
    problems.push({ code: 'spaces', message });
  }
  return problems;
}

/** The same value with line breaks, tabs and long runs of spaces as one space: a suggestion, never applied unasked. */
export function mendTemplateParameter(value: string): string {
  return value
    .replace(/[\n\r\u000b\u000c\u0085\u2028\u2029\t]+/g, ' ')
    .replace(/ {5,}/g, ' ')
    .trim();
}
