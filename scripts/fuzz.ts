import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runMain, SetupError } from './foreground';
import { projectFolder } from './project';
import { endWithUs } from './reaper';

const CHILD = join(projectFolder, 'src-main/imports/testing/fuzz/child.ts');
/** A case takes some milliseconds; one that is silent for so long hangs. */
const HANG_MS = 15_000;
const MAX_SHOWN = 4_000;

/** The next file is one that the app reads in a process which it kills when it hangs. */
const MayHang = z.object({ mayHang: z.literal(true) });
const Message = z.object({
  seed: z.int(),
  kind: z.string().optional(),
  result: z.string().optional(),
  ms: z.number().optional(),
  failure: z.string().optional(),
  rssMb: z.number(),
});

/**
 * `npm run fuzz -- --files 10000 --seed N`: makes broken spreadsheets and reads them, in a process that is
 * watched: a file that is read wrong, refused without a name, hangs the reader or ends it is printed with its
 * seed, and the run goes on after it. What SheetJS alone reads may hang or end it: in the app that is killed.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { files: { type: 'string' }, seed: { type: 'string' } } });
  const files = wholeNumber('files', values.files ?? '10000');
  const seed = wholeNumber('seed', values.seed ?? String(randomInt(2 ** 30)));
  console.log(`${files} files from seed ${seed}`);
  const tally = new Tally();
  const startedAt = performance.now();
  for (let next = seed; next < seed + files;) next = await runFrom(next, seed + files, tally);
  tally.print(Math.round((performance.now() - startedAt) / 1_000));
  return tally.failures === 0 ? 0 : 1;
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new SetupError(`--${option} takes a whole number, not ${text}.`);
  return Number(text);
}

/** Runs cases in a process of their own until one of them ends it; the result is the seed to go on with. */
function runFrom(first: number, end: number, tally: Tally): Promise<number> {
  const child = fork(CHILD, [String(first), String(end)], {
    execArgv: ['--import', 'tsx'],
    cwd: projectFolder,
    // SheetJS writes about records it does not know.
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  });
  endWithUs(child, 'KILL');
  let next = first;
  let hangs = false;
  let mayHang = false;
  const bark = (): void => {
    hangs = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(bark, HANG_MS);
  child.on('message', (message) => {
    clearTimeout(timer);
    timer = setTimeout(bark, HANG_MS);
    mayHang = MayHang.safeParse(message).success;
    if (mayHang) return;
    const outcome = Message.parse(message);
    next = outcome.seed + 1;
    tally.add(outcome);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (next < end) {
        if (mayHang) tally.add({ seed: next, kind: 'Excel 97 bytes', result: 'killed', rssMb: 0 });
        else
          tally.fail(next, hangs ? 'The reader hangs.' : `The reader ended with ${signal ?? String(code)}.`);
        next += 1;
      }
      resolve(next);
    });
  });
}

class Tally {
  failures = 0;
  private readonly results = new Map<string, number>();
  private slowest = { ms: 0, seed: 0 };
  private rssMb = 0;

  add({ seed, kind, result, ms = 0, failure, rssMb }: z.infer<typeof Message>): void {
    this.rssMb = Math.max(this.rssMb, rssMb);
    if (failure !== undefined) {
      this.fail(seed, failure);
      return;
    }
    if (ms > this.slowest.ms) this.slowest = { ms, seed };
    const name = `${kind ?? ''}: ${result ?? ''}`;
    this.results.set(name, (this.results.get(name) ?? 0) + 1);
  }

  fail(seed: number, what: string): void {
    this.failures += 1;
    console.log(`\nFAILED npm run fuzz -- --files 1 --seed ${seed}\n${what.slice(0, MAX_SHOWN)}`);
  }

  print(seconds: number): void {
    for (const [name, count] of [...this.results].sort())
      console.log(`${String(count).padStart(7)}  ${name}`);
    console.log(
      `${this.failures} failed, ${seconds} s, slowest file ${this.slowest.ms} ms (seed ${this.slowest.seed}), at most ${this.rssMb} MB`,
    );
  }
}

runMain(main);
