import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

/** Of an error, and of what a window showed, no more than this goes into the summary. */
const TOLD_LINES = 60;
/** Where the part of the window that differs from screen to screen begins in Playwright's `error-context.md`. */
const SCREEN = '\n- main';

/** How many tests passed and failed, and which failed. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  /** Each with what was wrong, where its runner said so. */
  readonly failures: readonly string[];
  /** Those that failed first and passed when tried again; they count as passed, and are told by name. */
  readonly flaky: readonly string[];
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});

const specSchema = z.object({
  title: z.string(),
  file: z.string(),
  ok: z.boolean(),
  tests: z.array(
    z.object({
      status: z.string(),
      results: z.array(
        z.object({
          error: z.object({ message: z.string().optional() }).optional(),
          attachments: z.array(z.object({ name: z.string(), path: z.string().optional() })),
        }),
      ),
    }),
  ),
});
type Spec = z.infer<typeof specSchema>;

interface Suite {
  readonly specs: readonly Spec[];
  readonly suites?: readonly Suite[] | undefined;
}

const suiteSchema: z.ZodType<Suite> = z.object({
  specs: z.array(specSchema),
  suites: z.array(z.lazy(() => suiteSchema)).optional(),
});

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(suiteSchema),
});

/**
 * Reads the JSON report of Vitest or Playwright. Undefined when there is none, or one that neither wrote: the
 * runner then died before it could tell.
 */
export function readTestReport(path: string): TestCount | undefined {
  if (!existsSync(path)) return undefined;
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const vitest = vitestReport.safeParse(json);
  if (vitest.success) return fromVitest(vitest.data);
  const playwright = playwrightReport.safeParse(json);
  return playwright.success ? fromPlaywright(playwright.data) : undefined;
}

function fromVitest(report: z.infer<typeof vitestReport>): TestCount {
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // A file that could not even be loaded has failed without a test having done so.
    if (failed.length === 0) return status === 'failed' ? [told(`${name} (the file itself)`, [message])] : [];
    return failed.map(({ fullName, failureMessages }) => told(`${name}: ${fullName}`, failureMessages ?? []));
  });
  // Why it failed at first is kept of a test that passed when it was tried again.
  const flaky = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName, failureMessages }) => told(`${name}: ${fullName}`, failureMessages ?? [])),
  );
  return { passed: report.numPassedTests, failed: failures.length, failures, flaky };
}

function fromPlaywright(report: z.infer<typeof playwrightReport>): TestCount {
  const { expected, unexpected, flaky } = report.stats;
  const specs = report.suites.flatMap(specsOf);
  return {
    passed: expected + flaky,
    failed: unexpected,
    failures: specs.filter(({ ok }) => !ok).map(toldSpec),
    flaky: specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky')).map(toldSpec),
  };
}

function specsOf(suite: Suite): readonly Spec[] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}

/** With what the window showed when it went wrong: a second look is not to be had. */
function toldSpec({ file, title, tests }: Spec): string {
  const failed = tests.flatMap(({ results }) => results).find(({ error }) => error !== undefined);
  const context = failed?.attachments.find(({ name }) => name === 'error-context')?.path;
  const shown =
    context !== undefined && existsSync(context) ? readFileSync(context, 'utf8').split(SCREEN)[1] : undefined;
  return told(`${file}: ${title}`, [failed?.error?.message, shown]);
}

/** A heading, and the first lines of each text under it. */
function told(heading: string, texts: readonly (string | undefined)[]): string {
  const lines = texts.flatMap((text) =>
    stripVTControlCharacters(text ?? '')
      .split('\n')
      .slice(0, TOLD_LINES),
  );
  return [heading, ...lines.filter((line) => line.trim() !== '').map((line) => `    ${line}`)].join('\n');
}
