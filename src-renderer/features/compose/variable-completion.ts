/** An open `{{` before the cursor, and what has been typed after it. */
export interface OpenVariable {
  /** Where the braces begin. */
  readonly start: number;
  readonly typed: string;
}

/** Longer names are not completed: somebody forgot to close the braces. */
const MAX_TYPED = 60;

/** The variable that is being typed at the cursor; null where there is none, or its fallback has begun. */
export function openVariable(text: string, cursor: number): OpenVariable | null {
  const start = text.lastIndexOf('{{', cursor - 1);
  if (start === -1 || start + 2 > cursor) return null;
  const typed = text.slice(start + 2, cursor);
  return typed.length > MAX_TYPED || /[{}|\n]/.test(typed) ? null : { start, typed: typed.trim() };
}

/** The fields that begin with, else those that hold, what was typed. */
export function matchingFields(fields: readonly string[], typed: string): string[] {
  const wanted = typed.toLowerCase();
  const begin = fields.filter((field) => field.toLowerCase().startsWith(wanted));
  const hold = fields.filter((field) => !begin.includes(field) && field.toLowerCase().includes(wanted));
  return [...begin, ...hold];
}

/** The text with the variable at the cursor completed, and where the cursor goes. */
export function complete(
  text: string,
  cursor: number,
  { start }: OpenVariable,
  field: string,
): { text: string; cursor: number } {
  const variable = `{{${field}}}`;
  const rest = text.slice(cursor).replace(/^\s*\}\}/, '');
  return { text: text.slice(0, start) + variable + rest, cursor: start + variable.length };
}
