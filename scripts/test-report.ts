import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** How many tests passed and failed, and which failed. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

interface Suite {
  readonly specs: readonly { readonly title: string; readonly file: string; readonly ok: boolean }[];
  readonly suites?: readonly Suite[] | undefined;
}

const suiteSchema: z.ZodType<Suite> = z.object({
  specs: z.array(z.object({ title: z.string(), file: z.string(), ok: z.boolean() })),
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
  const failures = report.testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    // A file that could not even be loaded has failed without a test having done so.
    if (failed.length === 0) return status === 'failed' ? [`${name} (the file itself)`] : [];
    return failed.map(({ fullName }) => `${name}: ${fullName}`);
  });
  return { passed: report.numPassedTests, failed: failures.length, failures };
}

function fromPlaywright(report: z.infer<typeof playwrightReport>): TestCount {
  const { expected, unexpected, flaky } = report.stats;
  return { passed: expected, failed: unexpected + flaky, failures: report.suites.flatMap(failedSpecs) };
}

function failedSpecs(suite: Suite): string[] {
  const own = suite.specs.filter(({ ok }) => !ok).map(({ file, title }) => `${file}: ${title}`);
  return [...own, ...(suite.suites ?? []).flatMap(failedSpecs)];
}
