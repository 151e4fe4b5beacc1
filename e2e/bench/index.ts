import { constants } from 'node:os';
import { onNpmGone, runMain } from '../../scripts/foreground';
import { helpText, parseCommand } from './arguments';
import type { BenchResult, BenchRun, OptionValue } from './bench';
import { machineFacts } from './machine';
import { benches } from './registry';
import { asJson, asTable, createReport } from './report';
import { Resources } from './resources';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `npm run bench -- NAME [options] [--json]` */
async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2), benches);
  if (command.kind === 'help') {
    console.log(helpText(benches));
    return 0;
  }
  const resources = new Resources();
  releaseOnSignals(resources);
  const machine = machineFacts();
  const options = readersOf(command.name, command.options);
  const progress = (message: string): void => {
    process.stderr.write(`${message}\n`);
  };
  let result: BenchResult;
  try {
    result = await command.bench.run({ ...options, progress, resources });
  } finally {
    await resources.release();
  }
  const report = createReport(command.name, result, machine);
  console.log(command.json ? asJson(report) : asTable(report));
  return 0;
}

/** A benchmark that asks for an option it does not declare, or for another kind of value, is mistaken. */
function readersOf(
  bench: string,
  options: ReadonlyMap<string, OptionValue>,
): Pick<BenchRun, 'option' | 'choice' | 'isOn'> {
  const undeclared = (name: string): Error => new Error(`${bench} declares no such option ${name}.`);
  return {
    option: (name) => {
      const value = options.get(name);
      if (typeof value !== 'number') throw undeclared(name);
      return value;
    },
    choice: (name) => {
      const value = options.get(name);
      if (typeof value !== 'string') throw undeclared(name);
      return value;
    },
    isOn: (name) => {
      const value = options.get(name);
      if (typeof value !== 'boolean') throw undeclared(name);
      return value;
    },
  };
}

/** Whoever interrupts the run gets their machine back: everything is ended before we are. */
function releaseOnSignals(resources: Resources): void {
  const end = (signal: (typeof SIGNALS)[number]): void => {
    process.stderr.write(`${signal}: ending what was started…\n`);
    const code = 128 + constants.signals[signal];
    resources.release().then(
      () => process.exit(code),
      (error: unknown) => {
        console.error(error);
        process.exit(code);
      },
    );
  };
  for (const signal of SIGNALS) process.once(signal, end);
  // It watches, but is nothing to stay alive for.
  onNpmGone(() => {
    end('SIGTERM');
  })?.unref();
}

runMain(main);
