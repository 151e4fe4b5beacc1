/** What WhatsApp refuses in a parameter of an approved template (132018), found before it is sent. */

/** A template parameter may hold at most this many spaces in a row. */
export const MAX_SPACES_IN_ROW = 4;

export type ParameterProblemCode = 'empty' | 'line-break' | 'tab' | 'spaces';

export interface ParameterProblem {
  readonly code: ParameterProblemCode;
  readonly message: string;
}

/** Matches a value with a fault, but not an empty one; written so that PostgreSQL reads it as JavaScript does. */
export const PARAMETER_FAULT = '[\\n\\r\\t\\u000b\\u000c\\u0085\\u2028\\u2029]| {5,}';

/** Too many spaces in a row, or nothing but spaces, in a whole parameter: its values may be without fault each. */
export const SEAM_FAULT = ' {5,}|^ *$';

const LINE_BREAK = /[\n\r\u000b\u000c\u0085\u2028\u2029]/;
const TOO_MANY_SPACES = / {5,}/;

/**
 * Everything that makes WhatsApp refuse a template parameter: no value (131008), and line breaks, tabs or more
 * than four spaces in a row (132018).
 */
export function templateParameterProblems(value: string): ParameterProblem[] {
  if (value.trim() === '') return [{ code: 'empty', message: 'The parameter has no value.' }];
  const problems: ParameterProblem[] = [];
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

/** Why WhatsApp would refuse a template parameter with 132018; null where it would not. An empty one is another matter. */
export function parameterProblem(text: string): 'newline' | 'tab' | 'spaces' | null {
  for (const { code } of templateParameterProblems(text)) {
    if (code === 'line-break') return 'newline';
    if (code === 'tab' || code === 'spaces') return code;
  }
  return null;
}
