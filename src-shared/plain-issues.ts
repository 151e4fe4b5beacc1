import { z } from 'zod';

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
  null: 'nothing (null)',
  nan: 'no number (NaN)',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an email address',
  uuid: 'an id (UUID)',
  guid: 'an id (UUID)',
  url: 'an address (URL)',
  datetime: 'a time as 2026-01-31T09:30:00Z',
  date: 'a date as 2026-01-31',
  time: 'a time as 09:30',
};

/** Of what is allowed so many are named. */
const MOST_NAMED = 12;

/**
 * What a value lacks, in words for whoever sent it; they stand alone below a field, and behind its name. Undefined, so
 * that zod's own words stand, where there is nothing better to say.
 */
export const plainIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'Missing'
        : `Expected ${nameOf(issue.expected)}, got ${nameOf(z.core.util.parsedType(issue.input))}`;
    case 'invalid_value':
      return `Expected ${allowed(issue.values)}`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'Empty'
        : bound(issue.inclusive === false ? 'More than' : 'At least', issue.minimum, issue.origin);
    case 'too_big':
      return bound(issue.inclusive === false ? 'Less than' : 'At most', issue.maximum, issue.origin);
    case 'invalid_format': {
      const format = FORMATS[issue.format];
      return format === undefined ? undefined : `Not ${format}`;
    }
    case 'unrecognized_keys':
      return `Not known here: ${issue.keys.slice(0, MOST_NAMED).join(', ')}`;
    default:
      return undefined;
  }
};

/** Makes every schema of this process say what is wrong in plain words. Once, in a composition root. */
export const speakPlainly = (): void => {
  z.config({ customError: plainIssue });
};

const nameOf = (type: string): string => TYPES[type] ?? type;

function allowed(values: readonly unknown[]): string {
  const named = values
    .slice(0, MOST_NAMED)
    .map((value) => (typeof value === 'string' ? `“${value}”` : String(value)));
  const more = values.length > MOST_NAMED ? ' …' : '';
  return values.length === 1 ? named.join('') : `one of ${named.join(', ')}${more}`;
}

function bound(how: string, limit: number | bigint, origin: string): string {
  const unit = { string: 'character', array: 'entry', set: 'entry' }[origin];
  if (unit === undefined) return `${how} ${String(limit)}`;
  const plural = unit === 'entry' ? 'entries' : `${unit}s`;
  return `${how} ${String(limit)} ${Number(limit) === 1 ? unit : plural}`;
}
