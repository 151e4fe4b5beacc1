/** Values as COPY's text format has them. */

export const NULL = '\\N';
const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

export function text(value: string): string {
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? '') : value;
}

export const optional = (value: string | null): string => (value === null ? NULL : text(value));
export const json = (value: unknown): string => (value === null ? NULL : text(JSON.stringify(value)));
