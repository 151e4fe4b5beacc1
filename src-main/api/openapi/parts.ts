import { z } from 'zod';

/** A part of the document. */
export type Json = Record<string, unknown>;

export const schemaOf = (schema: z.ZodType, io: 'input' | 'output' = 'output'): Json => {
  const made: Json = { ...z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) };
  delete made['$schema'];
  return made;
};
export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
export const content = (schema: Json): Json => ({ 'application/json': { schema } });
export const object = (properties: Json, required = Object.keys(properties)): Json => ({
  type: 'object',
  properties,
  required,
});
export const success = { type: 'boolean', enum: [true] };
export const text = { type: 'string' };
export const uuid = { type: 'string', format: 'uuid' };
export const whole = { type: 'integer', minimum: 0 };

export const meaning: Readonly<Record<number, string>> = {
  400: 'Something in the request is not right; `field` names it.',
  401: 'The bearer token is missing or wrong.',
  404: 'There is no such thing.',
  409: 'Not possible in its present state.',
  413: 'Larger than 16 MB of JSON, or 250 MB of a file.',
  429: 'Too many requests; `Retry-After` says when to come again.',
  503: 'The engine or the database cannot be reached. Nothing was done.',
};

/** The answers every endpoint can give besides its own. */
export const refusals = (...codes: readonly number[]): Json =>
  Object.fromEntries(
    [401, 429, ...codes, 503].map((code) => [
      String(code),
      { description: meaning[code] ?? 'Error', content: content(ref('Problem')) },
    ]),
  );

export const parameter = (
  name: string,
  where: 'path' | 'query',
  schema: Json,
  description: string,
): Json => ({
  name,
  in: where,
  required: where === 'path',
  schema,
  description,
});
export const idParameter = (what: string): Json => parameter('id', 'path', uuid, `The id of the ${what}.`);

export const json = (description: string, schema: Json): Json => ({ description, content: content(schema) });

/** A page of a list by number: at most so many of them. */
export const limitParameter = (name: string, maximum: number, usual: number, description: string): Json =>
  parameter(name, 'query', { type: 'integer', minimum: 1, maximum, default: usual }, description);

/** What an action is done to, as the document names it: its tag, what its id is of, and its schema. */
export interface Target {
  readonly tag: string;
  readonly name: string;
  readonly schema: string;
}

/** An endpoint that does something to one thing and answers with the thing as it is after. */
export const actionOn =
  ({ tag, name, schema }: Target, codes: readonly number[]) =>
  (
    summary: string,
    { status = '200', body, required = true }: { status?: string; body?: Json; required?: boolean } = {},
  ): Json => ({
    post: {
      tags: [tag],
      summary,
      parameters: [idParameter(name)],
      ...(body === undefined ? {} : { requestBody: { required, content: content(body) } }),
      responses: {
        [status]: json(`The ${name} after it.`, object({ success, [name]: ref(schema) })),
        ...refusals(...codes),
      },
    },
  });
