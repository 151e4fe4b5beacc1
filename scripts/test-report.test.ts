import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readTestReport, type TestCount } from './test-report';

const folder = mkdtempSync(join(tmpdir(), 'adsapp-report-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function read(report: object): TestCount | undefined {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(report));
  return readTestReport(path);
}

it('counts a file that could not be loaded as a failure', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [
      { name: 'a.test.ts', status: 'failed', assertionResults: [{ status: 'failed', fullName: 'adds' }] },
      { name: 'b.test.ts', status: 'failed', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'x' }] },
    ],
  };
  expect(read(report)).toEqual({
    passed: 2,
    failed: 2,
    failures: ['a.test.ts: adds', 'b.test.ts (the file itself)'],
  });
});

it('finds the failed specs of nested suites, and calls a flaky one failed', () => {
  const spec = (title: string, ok: boolean): object => ({ title, file: 'x.spec.ts', ok });
  const report = {
    stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 0 },
    suites: [{ specs: [spec('a', true)], suites: [{ specs: [spec('b', false)] }] }],
  };
  expect(read(report)).toEqual({ passed: 4, failed: 2, failures: ['x.spec.ts: b'] });
});

it('knows nothing where no runner has reported', () => {
  expect(readTestReport(join(folder, 'none.json'))).toBeUndefined();
  expect(read({ something: 'else' })).toBeUndefined();
});
