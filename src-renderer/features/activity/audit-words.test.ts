import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasWords, spelledOut } from './audit-words';

/** The codes that stand in the source of the other side. */
function writtenCodes(): string[] {
  const folder = join(import.meta.dirname, '../../../src-main');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const codes = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/\baction: '([a-z]+\.[a-z-]+)'/g)].map(
      ([, code = '']) => code,
    ),
  );
  return [...new Set([...codes, ...scheduleCodes(folder)])];
}

/** Schedules put their codes together of a verb. */
function scheduleCodes(folder: string): string[] {
  const source = readFileSync(join(folder, 'schedules/service.ts'), 'utf8');
  return [...source.matchAll(/\brecord\(actor, ([^,]+),/g)].flatMap(([, verbs = '']) =>
    [...verbs.replace(/answer === '[a-z]+'/, '').matchAll(/'([a-z-]+)'/g)].map(
      ([, verb = '']) => `schedules.${verb}`,
    ),
  );
}

describe('an action in the audit log', () => {
  it('has words', () => {
    const codes = writtenCodes();
    expect(codes).toEqual(
      expect.arrayContaining(['campaigns.launch', 'schedules.create', 'schedules.skip-overdue']),
    );
    expect(codes.filter((code) => !hasWords(code))).toEqual([]);
  });

  it('is spelled out where a console of another version wrote it', () => {
    expect(hasWords('later.invented')).toBe(false);
    expect(spelledOut('schedules.run-now')).toBe('Schedules: run now');
    expect(spelledOut('restart')).toBe('Restart');
  });
});
