import { describe, expect, test } from 'vitest';
import { copyFromStdin, listenChanges } from './pglite-statements';

describe('LISTEN and UNLISTEN', () => {
  test.each([
    ['LISTEN bullmq_jobs', [{ kind: 'listen', channel: 'bullmq_jobs' }]],
    ['-- why\n/* and\nmore */ listen Folded;', [{ kind: 'listen', channel: 'folded' }]],
    ['LISTEN "Kept ""so"""', [{ kind: 'listen', channel: 'Kept "so"' }]],
    [
      'listen a; unlisten b; UNLISTEN *',
      [
        { kind: 'listen', channel: 'a' },
        { kind: 'unlisten', channel: 'b' },
        { kind: 'unlisten', channel: '*' },
      ],
    ],
    ["SELECT 'listen to me'", []],
    ['-- LISTEN nothing\nSELECT 1', []],
  ])('%j', (sql, expected) => expect(listenChanges(sql)).toEqual(expected));
});

describe('COPY FROM STDIN', () => {
  test.each([
    ['COPY contacts (id, phone) FROM STDIN', 'alone'],
    ['-- fast\n copy "t" from stdin with (format csv);', 'alone'],
    ['SELECT 1; COPY t FROM STDIN', 'mixed'],
    ['COPY t FROM STDIN; SELECT 1', 'mixed'],
    ['COPY t TO STDOUT', 'none'],
    ["SELECT 'from stdin'", 'none'],
    ['INSERT INTO stdin SELECT 1', 'none'],
  ] as const)('%j is %s', (sql, expected) => expect(copyFromStdin(sql)).toBe(expected));
});
