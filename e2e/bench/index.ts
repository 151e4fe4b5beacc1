import { constants } from 'node:os';
import { onNpmGone, runMain } from '../../scripts/foreground';
import { helpText, parseCommand } from './arguments';
import type { BenchResult } from './bench';
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
  const option = (name: string): number => {
    const value = command.options.get(name);
    if (value === undefined) throw new Error(`${command.name} declares no option ${name}.`);
    return value;
  };
  const progress = (message: string): void => {
    process.stderr.write(`${message}\n`);
  };
  let result: BenchResult;
  try {
    result = await command.bench.run({ option, progress, resources });
  } finally {
    await resources.release();
  }
  const report = createReport(command.name, result, machine);
  console.log(command.json ? asJson(report) : asTable(report));
  return 0;
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
