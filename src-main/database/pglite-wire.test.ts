import fc from 'fast-check';
import { serialize } from 'pg-protocol';
import { describe, expect, test } from 'vitest';
import {
  FrontendReader,
  backendMessages,
  errorResponse,
  finalStatus,
  readyForQuery,
  statementOf,
} from './pglite-wire';

const stream = Buffer.concat([
  serialize.startup({ user: 'postgres', database: 'postgres' }),
  serialize.query('SELECT 1'),
  serialize.parse({ name: 'named', text: 'SELECT $1, é', types: [] }),
  serialize.sync(),
]);

describe('reading a client', () => {
  test('gives the same messages however the bytes were split', () => {
    const whole = [...new FrontendReader().read(stream)];
    expect(whole).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 })), (sizes) => {
        const reader = new FrontendReader();
        const messages = [];
        let at = 0;
        for (const size of [...sizes, stream.length]) {
          messages.push(...reader.read(stream.subarray(at, at + size)));
          at += size;
        }
        expect(messages).toEqual(whole);
      }),
    );
  });

  test('finds the SQL and the name of a statement', () => {
    const messages = [...new FrontendReader().read(stream)].filter((message) => typeof message !== 'string');
    expect(messages.slice(0, 2).map(statementOf)).toEqual([
      { name: '', sql: 'SELECT 1' },
      { name: 'named', sql: 'SELECT $1, é' },
    ]);
  });

  test('does not start a session for a request to cancel', () => {
    expect([...new FrontendReader().read(serialize.cancel(1, 2))]).toEqual(['cancel_request']);
    expect([...new FrontendReader().read(serialize.requestSsl())]).toEqual(['ssl_request']);
  });
});

test('an answer says how the transaction stands, and a cut one does not', () => {
  const answer = Buffer.concat([errorResponse('ERROR', '42P01', 'no such table'), readyForQuery('E')]);
  expect(finalStatus(answer)).toBe('E');
  expect(finalStatus(answer.subarray(0, -1))).toBeUndefined();
  expect([...backendMessages(answer)].map(({ type }) => String.fromCharCode(type))).toEqual(['E', 'Z']);
});
