import { expect, it } from 'vitest';
import { z } from 'zod';
import { plainIssue } from './plain-issues';

const wrong = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { error: plainIssue }).error?.issues[0]?.message;

it.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, 'Missing'],
  [z.string(), 5, 'Expected text, got a number'],
  [z.string(), null, 'Expected text, got nothing (null)'],
  [z.int(), 1.5, 'Expected a whole number, got a number'],
  [z.array(z.string()), {}, 'Expected a list, got an object'],
  [z.enum(['welcome', 'campaign']), 'x', 'Expected one of “welcome”, “campaign”'],
  [z.literal('due'), 'x', 'Expected “due”'],
  [z.literal(1), 2, 'Expected 1'],
  [z.string().min(1), '', 'Empty'],
  [z.string().min(3), 'a', 'At least 3 characters'],
  [z.string().max(1), 'ab', 'At most 1 character'],
  [z.array(z.string()).min(1), [], 'At least 1 entry'],
  [z.array(z.string()).max(2), ['a', 'b', 'c'], 'At most 2 entries'],
  [z.number().min(1), 0, 'At least 1'],
  [z.number().positive(), 0, 'More than 0'],
  [z.number().lt(5), 5, 'Less than 5'],
  [z.email(), 'x', 'Not an email address'],
  [z.uuid(), 'x', 'Not an id (UUID)'],
  [z.iso.datetime(), 'x', 'Not a time as 2026-01-31T09:30:00Z'],
  [z.strictObject({ a: z.string() }), { a: '', b: 1 }, 'Not known here: b'],
])('%#: what is wrong stands in plain words', (schema, value, message) => {
  expect(wrong(schema, value)).toBe(message);
});

it('leaves what a schema says itself, and what it has no better words for', () => {
  expect(wrong(z.string('Give it a name.'), 5)).toBe('Give it a name.');
  expect(wrong(z.string().startsWith('#'), 'a')).toBe('Invalid string: must start with "#"');
});

it('names no more of what is allowed than can be read', () => {
  const many = Array.from({ length: 40 }, (_, index) => `v${index}`);
  expect(wrong(z.enum(many), 'x')).toMatch(/“v11” …$/);
});
