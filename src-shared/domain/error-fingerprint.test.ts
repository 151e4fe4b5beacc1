import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { fingerprintError, normaliseErrorMessage, topOwnFrame } from './error-fingerprint';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

describe('a normalised message', () => {
  it.each([
    ['Contact 550e8400-e29b-41d4-a716-446655440000 not found', 'Contact <id> not found'],
    ['connect ECONNREFUSED 127.0.0.1:6379', 'connect ECONNREFUSED <address>'],
    ['connect ECONNREFUSED [::1]:6379', 'connect ECONNREFUSED <address>'],
    ['GET https://graph.facebook.com/v21.0/123/messages failed', 'GET <url> failed'],
    ['Cannot reach redis://user:secret@host:6379/0', 'Cannot reach <url>'],
    ['Bounced: john.doe@example.com', 'Bounced: <email>'],
    ['No WhatsApp account for +966 51 234 5678', 'No WhatsApp account for <phone>'],
    ['Job 12345 stalled after 3.5 s', 'Job <n> stalled after <n> s'],
    ['(#131026) Message undeliverable', '(#131026) Message undeliverable'],
    ['Request failed with status code 503 after 1200 ms', 'Request failed with status code 503 after <n> ms'],
    ['Unexpected token "x" in \'order 12\' at 4', 'Unexpected token <text> in <text> at <n>'],
    ["It's Anna's fault", "It's Anna's fault"],
    ['bad digest 9f86d081884c7d65', 'bad digest <hex>'],
    ['at 2024-03-04T05:06:07.890Z', 'at <date>'],
    ['ENOENT: /home/anna/list.xlsx', 'ENOENT: <path>'],
    ['message wamid.HBgLMTY1MDM4Nzk0MzkVAgA= lost', 'message <id> lost'],
    ['first line\nsecond line', 'first line'],
    ['deadbeef is a word, deadbeef1 is not', 'deadbeef is a word, <hex> is not'],
  ])('%s', (message, expected) => {
    expect(normaliseErrorMessage(message)).toBe(expected);
  });

  it('is the same for any number, id or address', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.uuid(),
        fc.nat(),
        fc.nat(),
        fc.stringMatching(/^[a-z.+_-]{1,20}@[a-z]{1,9}\.[a-z]{2,5}$/),
        (a, b, m, n, email) => {
          expect(normaliseErrorMessage(`Job ${a} failed after ${m} tries`)).toBe(
            normaliseErrorMessage(`Job ${b} failed after ${n} tries`),
          );
          expect(normaliseErrorMessage(`x ${m}`)).toBe('x <n>');
          expect(normaliseErrorMessage(`to <${email}> y`)).not.toContain('@');
        },
      ),
    );
  });

  it('is quick on hostile text', () => {
    const hostile = [
      'a'.repeat(1e6),
      '1'.repeat(1e6),
      '"'.repeat(1e6),
      '/a'.repeat(5e5),
      'a@'.repeat(5e5),
      '\n'.repeat(1e6),
    ];
    const start = performance.now();
    for (const text of hostile) normaliseErrorMessage(text);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('the fingerprint', () => {
  const stackOf = (line: number, host: string): string =>
    [
      'Error: x',
      '    at Socket.emit (node:events:518:28)',
      `    at connect (${host}/node_modules/ioredis/built/Redis.js:12:3)`,
      `    at async sendBatch (${host}/out/main/worker-a1B2c3D4.js:${line}:15)`,
    ].join('\n');

  it('survives other numbers, machines and line numbers', () => {
    const a = fingerprintError({ message: 'Contact 12 not found', stack: stackOf(10, '/srv/app') });
    const b = fingerprintError({ message: 'Contact 99 not found', stack: stackOf(77, '/home/x') });
    expect(a).toEqual(b);
    expect(a).toEqual({ fingerprint: a.fingerprint, title: 'Contact <n> not found' });
    expect(a.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  it('keeps apart other codes, names, messages and places', () => {
    const prints = [
      fingerprintError({ message: 'x' }),
      fingerprintError({ message: 'y' }),
      fingerprintError({ message: 'x', code: 131026 }),
      fingerprintError({ message: 'x', code: 131047 }),
      fingerprintError({ message: 'x', name: 'TypeError' }),
      fingerprintError({ message: 'x', stack: stackOf(1, '/a') }),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('has a title that can be read', () => {
    expect(fingerprintError({ message: '', name: 'Error' }).title).toBe('No message');
    expect(fingerprintError({ message: 'x is not a function', name: 'TypeError' }).title).toBe(
      'TypeError: x is not a function',
    );
    expect(fingerprintError({ message: 'word '.repeat(100) }).title.length).toBeLessThanOrEqual(140);
  });

  it('finds the first frame of our own', () => {
    expect(topOwnFrame(stackOf(3, '/x'))).toBe('sendBatch worker.js');
    expect(topOwnFrame('Error\n    at /app/src/a.ts:1:2')).toBe('a.ts');
    expect(topOwnFrame('Error\n    at f (C:\\app\\b.ts:1:2)')).toBe('f b.ts');
    expect(topOwnFrame('no stack')).toBeUndefined();
  });
});
