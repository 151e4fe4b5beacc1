import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { endWithUs } from './reaper';

/** One check, run as a process of its own. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** How many cores it keeps busy; `all`: it measures time, or is heavy, and runs alone. */
  readonly cores: number | 'all';
  /** Steps that must have passed before. */
  readonly after?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The test report that it must leave: without it, it has failed whatever its exit code says. */
  readonly report?: string | undefined;
  /** The file that gets what it prints. */
  readonly log: string;
  readonly timeoutMs: number;
}

export type Outcome = 'passed' | 'failed' | 'timed out' | 'not run';

export interface StepResult {
  readonly step: Step;
  readonly outcome: Outcome;
  readonly seconds: number;
}

export interface RunOptions {
  readonly cores: number;
  readonly onEnd: (result: StepResult) => void;
  /** Gets what a step prints while it prints it, where it runs alone. */
  readonly onOutput: (chunk: Buffer) => void;
}

const running = new Set<ChildProcess>();

/**
 * Runs the steps in their order, side by side as far as the cores go. A failed step stops none but those that
 * come after it by name. Returns one result per step, in the order of the steps.
 */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<StepResult[]> {
  const results = new Map<string, StepResult>();
  const active = new Map<Step, Promise<void>>();
  const waiting = new Set(steps);
  const end = (result: StepResult): void => {
    results.set(result.step.name, result);
    options.onEnd(result);
  };
  while (waiting.size + active.size > 0) {
    for (const step of [...waiting]) {
      const before = predecessors(step, steps).map((name) => results.get(name)?.outcome);
      if (before.some((outcome) => outcome !== undefined && outcome !== 'passed')) {
        waiting.delete(step);
        end({ step, outcome: 'not run', seconds: 0 });
      } else if (
        before.every((outcome) => outcome === 'passed') &&
        fits(step, [...active.keys()], options.cores)
      ) {
        waiting.delete(step);
        const work = runStep(step, options).then((result) => {
          active.delete(step);
          end(result);
        });
        active.set(step, work);
      }
    }
    if (active.size > 0) await Promise.race(active.values());
  }
  return steps.flatMap((step) => results.get(step.name) ?? []);
}

/** Ends all running steps, with everything that they started. */
export function killSteps(): void {
  for (const child of running) killGroup(child);
}

/** A step that was not asked for is not waited for either. */
function predecessors(step: Step, steps: readonly Step[]): readonly string[] {
  return (step.after ?? []).filter((name) => steps.some((other) => other.name === name));
}

function fits(step: Step, active: readonly Step[], cores: number): boolean {
  if (active.length === 0) return true;
  if (step.cores === 'all' || active.some((other) => other.cores === 'all')) return false;
  const busy = active.reduce((sum, other) => sum + (other.cores === 'all' ? cores : other.cores), 0);
  return busy + step.cores <= cores;
}

async function runStep(step: Step, options: RunOptions): Promise<StepResult> {
  const started = performance.now();
  mkdirSync(dirname(step.log), { recursive: true });
  const log = createWriteStream(step.log);
  const child = spawn(step.command, step.args, {
    env: { ...process.env, ...step.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that a hanging step goes with all that it started
  });
  running.add(child);
  endWithUs(child, 'KILL');
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk);
      if (step.cores === 'all') options.onOutput(chunk);
    });
  const limit = { reached: false };
  const timer = setTimeout(() => {
    limit.reached = true;
    killGroup(child);
  }, step.timeoutMs);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      log.write(`${error.message}\n`);
      resolve(null);
    });
    child.once('close', resolve);
  });
  clearTimeout(timer);
  running.delete(child);
  await new Promise<void>((resolve) => {
    log.end(resolve);
  });
  const seconds = (performance.now() - started) / 1_000;
  if (limit.reached) return { step, outcome: 'timed out', seconds };
  const reported = step.report === undefined || existsSync(step.report);
  return { step, outcome: code === 0 && reported ? 'passed' : 'failed', seconds };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // it ended meanwhile
  }
}
