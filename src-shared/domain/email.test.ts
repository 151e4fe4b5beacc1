import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseEmail } from './email';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

describe('email addresses', () => {
  it.each([
    ['john@example.com', 'john@example.com'],
    [' John.Doe+tag@Example.CO.UK ', 'John.Doe+tag@example.co.uk'],
    ["o'brien@sub.example.org", "o'brien@sub.example.org"],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
    ['a@example.xn--p1ai', 'a@example.xn--p1ai'],
    ['\u202ajohn@example.com\u200b\u202c', 'john@example.com'],
  ])('takes %s', (cell, email) => {
    expect(parseEmail(cell)).toEqual({ ok: true, email });
  });

  it.each([
    ['', 'missing'],
    ['john', 'no-at'],
    ['john@', 'no-domain-ending'],
    ['john@localhost', 'no-domain-ending'],
    ['john@example.c', 'no-domain-ending'],
    ['john@@example.com', 'several-ats'],
    ['a@example.com; b@example.com', 'several-addresses'],
    ['a@example.com,b@example.com', 'several-addresses'],
    ['jo hn@example.com', 'space'],
    ['a..b@example.com', 'two-dots'],
    ['a@example..com', 'two-dots'],
    ['a@-example.com', 'bad-character'],
    ['.a@example.com', 'bad-character'],
    ['a.@example.com', 'bad-character'],
    ['@example.com', 'bad-character'],
    ['John <john@example.com>', 'space'],
    ['a@1.2.3.44', 'bad-character'],
    [`${'a'.repeat(65)}@example.com`, 'too-long'],
    [`a@${'b'.repeat(250)}.com`, 'too-long'],
  ])('rejects %s', (cell, code) => {
    const result = parseEmail(cell);
    expect(result.ok ? 'taken' : result.code).toBe(code);
    if (!result.ok) expect(result.reason).toMatch(/\.$/);
  });

  it('is idempotent and answers hostile text quickly', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string()), (text) => {
        const result = parseEmail(text);
        if (result.ok) expect(parseEmail(result.email)).toEqual(result);
      }),
    );
    const start = performance.now();
    parseEmail(`${'a'.repeat(60)}@${'a-'.repeat(95)}`);
    parseEmail('a.'.repeat(500_000));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
