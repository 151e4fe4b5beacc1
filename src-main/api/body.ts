import type { Context } from 'hono';
import type { z } from 'zod';
import { fail, invalidInput, ok, type Result } from '@shared/errors';

/** JSON bodies larger than this are refused with 413; contacts in bulk come as a file. */
export const MAX_JSON_BYTES = 16 * 1024 * 1024;

/** The JSON body of a request, parsed by `schema`. */
export const readJson = async <S extends z.ZodType>(c: Context, schema: S): Promise<Result<z.output<S>>> =>
  readBody(c, schema);

/** The same for a body that may be left out, which then is `{}`. */
export const readOptionalJson = async <S extends z.ZodType>(
  c: Context,
  schema: S,
): Promise<Result<z.output<S>>> => readBody(c, schema, '{}');

const readBody = async <S extends z.ZodType>(
  c: Context,
  schema: S,
  fallback = '',
): Promise<Result<z.output<S>>> => {
  const bytes = await readBytes(c, MAX_JSON_BYTES);
  if (bytes === null)
    return fail({
      code: 'payload_too_large',
      message: 'The request is larger than 16 MB.',
      action: 'Send contacts as a file to POST /api/imports.',
    });
  let value: unknown;
  try {
    const text = bytes.toString('utf8');
    value = JSON.parse(text === '' ? fallback : text);
  } catch {
    return fail({
      code: 'invalid_input',
      message: 'The body is not JSON.',
      issues: [{ path: '', message: 'is not JSON' }],
    });
  }
  return parseInput(schema, value);
};

/** A parsed value, or the fields that are wrong. */
export const parseInput = <S extends z.ZodType>(schema: S, value: unknown): Result<z.output<S>> => {
  const parsed = schema.safeParse(value);
  return parsed.success ? ok(parsed.data) : fail(invalidInput(parsed.error));
};

/** The body as it came; null when there is more than `limit`, and no further is read then. */
export const readBytes = async (c: Context, limit: number): Promise<Buffer | null> => {
  const { body } = c.req.raw;
  if (body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
};
