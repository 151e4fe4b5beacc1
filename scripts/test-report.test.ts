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

it('counts a file that could not be loaded as a failure, and tells what passed only when tried again', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          {
            status: 'failed',
            fullName: 'adds',
            failureMessages: ['\u001b[31mexpected 1\u001b[0m\n\nto be 2'],
          },
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
      {
        name: 'c.test.ts',
        status: 'passed',
        assertionResults: [
          { status: 'passed', fullName: 'x', failureMessages: [] },
          { status: 'passed', fullName: 'y', failureMessages: ['timed out'] },
        ],
      },
    ],
  };
  expect(read(report)).toEqual({
    passed: 2,
    failed: 2,
    failures: [
      'a.test.ts: adds\n    expected 1\n    to be 2',
      'b.test.ts (the file itself)\n    no such module',
    ],
    flaky: ['c.test.ts: y\n    timed out'],
  });
});

it('tells of the failed specs of nested suites what was shown, and of those that passed when tried again', () => {
  const shown = join(folder, 'error-context.md');
  writeFileSync(shown, '# Test info\n```yaml\n- banner\n- main:\n  - button "Import"\n```');
  const wrong = { error: { message: 'not visible' }, attachments: [{ name: 'error-context', path: shown }] };
  const right = { attachments: [] };
  const spec = (title: string, status: string, results: readonly object[]): object => ({
    ...{ title, file: 'x.spec.ts', ok: status !== 'unexpected' },
    tests: [{ status, results }],
  });
  const report = {
    stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 0 },
    suites: [
      {
        specs: [spec('a', 'expected', [right]), spec('c', 'flaky', [wrong, right])],
        suites: [{ specs: [spec('b', 'unexpected', [wrong, wrong])] }],
      },
    ],
  };
  const why = '\n    not visible\n    :\n      - button "Import"\n    ```';
  expect(read(report)).toEqual({
    ...{ passed: 5, failed: 1 },
    failures: [`x.spec.ts: b${why}`],
    flaky: [`x.spec.ts: c${why}`],
  });
});

it('knows nothing where no runner has reported', () => {
  expect(readTestReport(join(folder, 'none.json'))).toBeUndefined();
  expect(read({ something: 'else' })).toBeUndefined();
});
