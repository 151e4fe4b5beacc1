import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runSteps, type Step } from './step-runner';

const folder = mkdtempSync(join(tmpdir(), 'adsapp-steps-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function step(name: string, script: string, more: Partial<Step> = {}): Step {
  const log = join(folder, `${name}.log`);
  return { name, command: 'sh', args: ['-c', script], cores: 1, log, timeoutMs: 10_000, ...more };
}

async function run(
  steps: readonly Step[],
  cores = 2,
): Promise<{ outcomes: string[]; order: string[]; live: string }> {
  const order: string[] = [];
  let live = '';
  const results = await runSteps(steps, {
    cores,
    onEnd: (result) => order.push(result.step.name),
    onOutput: (chunk) => (live += chunk.toString()),
  });
  return { outcomes: results.map((result) => `${result.step.name} ${result.outcome}`), order, live };
}

it('goes on after a failed step, but not with what builds on it', async () => {
  const { outcomes } = await run([
    step('build', 'echo broken; exit 3'),
    step('e2e', 'true', { after: ['build'] }),
    step('lint', 'true'),
  ]);
  expect(outcomes).toEqual(['build failed', 'e2e not run', 'lint passed']);
  expect(readFileSync(join(folder, 'build.log'), 'utf8')).toBe('broken\n');
});

it('does not wait for a step that was not asked for', async () => {
  expect((await run([step('e2e', 'true', { after: ['build'] })])).outcomes).toEqual(['e2e passed']);
});

it('runs steps side by side as far as the cores go, and exclusive ones alone', async () => {
  const { order, live } = await run([
    step('slow', 'sleep 0.5'),
    step('quick', 'echo hidden'),
    step('alone', 'echo shown', { cores: 'all' }),
    step('third', 'true'),
  ]);
  expect(order.indexOf('quick')).toBeLessThan(order.indexOf('slow'));
  expect(order.indexOf('slow')).toBeLessThan(order.indexOf('alone'));
  expect(live).toBe('shown\n');
});

it('kills a step that hangs, with what it started', async () => {
  const { outcomes } = await run([step('hangs', 'sleep 60 & sleep 60', { timeoutMs: 200 })]);
  expect(outcomes).toEqual(['hangs timed out']);
});

it('calls a test runner that left no report failed, whatever its exit code', async () => {
  const report = join(folder, 'none.json');
  expect((await run([step('unit', 'true', { report })])).outcomes).toEqual(['unit failed']);
  expect((await run([step('unit', `touch ${report}`, { report })])).outcomes).toEqual(['unit passed']);
});

it('calls a program that cannot be started failed', async () => {
  expect((await run([step('lost', '', { command: '/nowhere' })])).outcomes).toEqual(['lost failed']);
});
