import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { onNpmGone, runMain, SetupError } from './foreground';
import { projectFolder, workFolder } from './project';
import { killSteps, runSteps, type Step, type StepResult } from './step-runner';
import { readTestReport, type TestCount } from './test-report';

const RESULTS = join(workFolder, 'test-results');
const MINUTE_MS = 60_000;
/** TypeScript in native code, four times as fast. dependency-cruiser needs the one in JavaScript, the package `typescript`. */
const TSC = bin('typescript-native/bin/tsc');
/**
 * For a suite that runs real servers and real windows. It is meant for what hangs, not for what is slow: on a
 * machine four times slower than the one it was written on each of them takes 7 to 15 minutes.
 */
const SUITE_MINUTES = 35;
/** Of a failed step that nobody saw running, this much of the end of its output is shown. */
const SHOWN_LINES = 200;

/** `npm test [-- step …]`: every check there is, or the steps named. */
async function test(): Promise<number> {
  const steps = chosen(process.argv.slice(2));
  const started = performance.now();
  for (const step of steps) rmSync(reportOf(step.name), { force: true });
  const interrupt = (): void => {
    killSteps();
    process.exit(1);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const orphaned = onNpmGone(interrupt);
  const results = await runSteps(steps, {
    cores: Math.max(2, availableParallelism()),
    onEnd: printEnd,
    onOutput: (chunk) => process.stdout.write(chunk),
  });
  clearInterval(orphaned);
  return summarise(results, (performance.now() - started) / 1_000);
}

function chosen(names: readonly string[]): readonly Step[] {
  const steps = allSteps();
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new SetupError(
      `No such step: ${unknown.join(', ')}. There are: ${steps.map(({ name }) => name).join(', ')}`,
    );
  return names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name));
}

/** Scripts in CommonJS are what Electron loads as it is, and the globals declare two worlds at once. */
const LINT = [
  ...[bin('oxlint/bin/oxlint'), '-c', '.config/oxlint.json'],
  ...['--ignore-pattern', '**/*.cjs', '--ignore-pattern', '.config/globals', '.'],
];

function allSteps(): readonly Step[] {
  const prettier = [
    '--config',
    '.config/prettier.json',
    '--ignore-path',
    '.config/prettierignore',
    '--check',
    '.',
  ];
  return [
    step('system', 1, ['--import', 'tsx', 'scripts/setup.ts'], { minutes: 15 }),
    step('build', 1, ['--import', 'tsx', 'scripts/build-cli.ts']),
    step('types', 1, [TSC, '-p', '.']),
    step('types-shared', 1, [TSC, '-p', '.config/tsconfig.shared.json']),
    step('types-renderer', 1, [TSC, '-p', '.config/tsconfig.renderer.json']),
    step('lint', 1, LINT),
    step('format', 1, [bin('prettier/bin/prettier.cjs'), ...prettier]),
    step('dependencies', 1, ['--import', 'tsx', 'scripts/check-dependencies-cli.ts']),
    step('unit', 2, vitest('unit'), { report: true }),
    step('integration', 'all', vitest('integration', 'integration*'), {
      after: ['system'],
      report: true,
      minutes: SUITE_MINUTES,
    }),
    step('electron', 'all', playwright('electron'), {
      after: ['system', 'build'],
      report: true,
      minutes: SUITE_MINUTES,
    }),
    step('chromium', 'all', playwright('chromium'), {
      after: ['system', 'build'],
      report: true,
      minutes: SUITE_MINUTES,
    }),
  ];
}

function step(
  name: string,
  cores: Step['cores'],
  args: readonly string[],
  more: { minutes?: number; after?: readonly string[]; report?: boolean } = {},
): Step {
  return {
    name,
    cores,
    command: process.execPath,
    args,
    after: more.after ?? [],
    report: more.report === true ? reportOf(name) : undefined,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf(name), ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) },
    log: join(RESULTS, `${name}.log`),
    timeoutMs: (more.minutes ?? 10) * MINUTE_MS,
  };
}

function bin(path: string): string {
  return join(projectFolder, 'node_modules', path);
}

function vitest(step: string, project = step): string[] {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportOf(step)}`];
  return [
    bin('vitest/vitest.mjs'),
    'run',
    '-c',
    '.config/vitest.config.ts',
    '--project',
    project,
    ...reporters,
  ];
}

function playwright(project: string): string[] {
  return [bin('@playwright/test/cli.js'), 'test', '-c', '.config/playwright.config.ts', '--project', project];
}

function reportOf(name: string): string {
  return join(RESULTS, `${name}.json`);
}

function printEnd({ step, outcome, seconds }: StepResult): void {
  console.log(`${outcome === 'passed' ? '✓' : '✗'} ${step.name}: ${outcome} (${seconds.toFixed(1)} s)`);
  if (outcome === 'passed' || outcome === 'not run' || step.cores === 'all') return;
  const output = readFileSync(step.log, 'utf8').trimEnd().split('\n');
  if (output.length > SHOWN_LINES) console.log(`  … all of it is in ${step.log}`);
  console.log(output.slice(-SHOWN_LINES).join('\n'));
}

/** What a step counts for: its tests where it ran tests, else itself as one check. */
function countOf({ step, outcome }: StepResult): TestCount {
  const tests = step.report === undefined ? undefined : readTestReport(step.report);
  if (!tests) {
    const passed = outcome === 'passed';
    return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, failures: passed ? [] : [outcome], flaky: [] };
  }
  // The runner can fail where no test did: an unhandled error, a set-up, a time-out.
  if (outcome !== 'passed' && tests.failed === 0) return { ...tests, failed: 1, failures: [outcome] };
  return tests;
}

function summarise(results: readonly StepResult[], seconds: number): number {
  console.log(`\nAll steps took ${(seconds / 60).toFixed(1)} min:`);
  let [passed, failed] = [0, 0];
  const failures: string[] = [];
  const flaky: string[] = [];
  for (const result of results) {
    const count = countOf(result);
    passed += count.passed;
    failed += count.failed;
    failures.push(...count.failures.map((failure) => `${result.step.name}: ${failure}`));
    flaky.push(...count.flaky.map((spec) => `${result.step.name}: ${spec}`));
    const facts = [result.outcome.padEnd(9), `${result.seconds.toFixed(1)} s`.padStart(8)];
    console.log(
      `  ${result.step.name.padEnd(15)} ${facts.join(' ')} ${count.passed} passed, ${count.failed} failed`,
    );
  }
  if (flaky.length > 0) console.log(`\nPassed only when tried again:\n${flaky.map(indented).join('\n')}`);
  if (failures.length > 0) console.log(`\nFailures:\n${failures.map(indented).join('\n')}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

const indented = (text: string): string => `  ${text}`;

runMain(test);
