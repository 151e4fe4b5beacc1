import { applyPatch, createPatch } from 'rfc6902';
import { z } from 'zod';
import { fail, ok, type Result } from '../errors';

const MAX_OPERATIONS = 50;

/** RFC 6901. Steps that reach what all objects share are no part of a payload. */
const Pointer = z
  .string()
  .max(1_000)
  .regex(/^(\/[^/]*)*$/, 'A path begins with a slash: /recipients/0.')
  .refine(
    (path) => !path.split('/').some((step) => ['__proto__', 'constructor', 'prototype'].includes(step)),
    'This path is not one of a payload.',
  );

/** One operation of RFC 6902. */
const PatchOperation = z.discriminatedUnion('op', [
  z.object({ op: z.literal('add'), path: Pointer, value: z.json() }),
  z.object({ op: z.literal('replace'), path: Pointer, value: z.json() }),
  z.object({ op: z.literal('test'), path: Pointer, value: z.json() }),
  z.object({ op: z.literal('remove'), path: Pointer }),
  z.object({ op: z.literal('move'), from: Pointer, path: Pointer }),
  z.object({ op: z.literal('copy'), from: Pointer, path: Pointer }),
]);

/** A change of payloads, the same for many: a JSON Patch. It is carried out whole or not at all. */
export const PayloadPatch = z.array(PatchOperation).min(1).max(MAX_OPERATIONS);
export type PayloadPatch = z.infer<typeof PayloadPatch>;

/**
 * The payload with the change; `invalid_input` says which operation does not fit this payload. The given payload stays
 * as it is.
 */
export const patchPayload = (data: unknown, patch: PayloadPatch): Result<unknown> => {
  // An operation on the path "" puts another payload in the place of all of it.
  const holder: { payload: unknown } = { payload: JSON.parse(JSON.stringify(data)) };
  const failures = applyPatch(holder, patch.map(below));
  const at = failures.findIndex((failure) => failure !== null);
  const failure = failures[at];
  if (failure === undefined || failure === null) return ok(holder.payload);
  const operation = patch[at];
  return fail({
    code: 'invalid_input',
    message: `Operation ${String(at + 1)}, ${operation?.op ?? ''} ${operation?.path ?? ''}, does not fit this payload: ${whyNot(failure)}`,
    issues: [{ path: `patch.${String(at)}`, message: whyNot(failure) }],
  });
};

/** The change that makes `after` of `before`, as few operations as it takes. */
export const patchBetween = (before: unknown, after: unknown): PayloadPatch | null => {
  const parsed = PayloadPatch.safeParse(createPatch(before, after));
  return parsed.success ? parsed.data : null;
};

const below = (operation: PayloadPatch[number]): PayloadPatch[number] =>
  'from' in operation
    ? { ...operation, path: `/payload${operation.path}`, from: `/payload${operation.from}` }
    : { ...operation, path: `/payload${operation.path}` };

const whyNot = ({ name }: Error): string => {
  if (name === 'TestError') return 'there is another value.';
  if (name === 'MissingError') return 'there is nothing at this path.';
  return 'it cannot be done there.';
};
