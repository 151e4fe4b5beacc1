import { parseArgs } from 'node:util';
import { SetupError } from '../../scripts/foreground';
import type { Bench } from './bench';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'run';
      readonly name: string;
      readonly bench: Bench;
      readonly json: boolean;
      readonly options: ReadonlyMap<string, number>;
    };

/** Reads `NAME [options] [--json]` or `--help`. @throws SetupError with what may be said instead */
export function parseCommand(args: readonly string[], benches: ReadonlyMap<string, Bench>): Command {
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help' };
  const [name, ...rest] = args;
  const names = [...benches.keys()].join(', ');
  if (name === undefined || name.startsWith('-'))
    throw new SetupError(`Which benchmark? One of: ${names}. See npm run bench -- --help`);
  const bench = benches.get(name);
  if (!bench) throw new SetupError(`There is no benchmark "${name}". There are: ${names}.`);
  const { json, ...given } = optionsOf(rest, bench);
  const options = new Map(
    Object.entries(bench.options).map(([option, { default: byDefault }]) => {
      const value = given[option];
      return [option, value === undefined ? byDefault : positive(option, value)];
    }),
  );
  return { kind: 'run', name, bench, json: json === true, options };
}

function optionsOf(args: string[], bench: Bench): Record<string, string | boolean | undefined> {
  const own = Object.keys(bench.options).map((name) => [name, { type: 'string' }] as const);
  try {
    return parseArgs({ args, options: { ...Object.fromEntries(own), json: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  }
}

function positive(name: string, value: string | boolean): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new SetupError(`--${name} must be a whole number from 1 on, not "${String(value)}".`);
}

/** The usage and every benchmark with its options. */
export function helpText(benches: ReadonlyMap<string, Bench>): string {
  const list = [...benches].flatMap(([name, { summary, options }]) => [
    `  ${name.padEnd(10)}  ${summary}`,
    ...Object.entries(options).map(
      ([option, { help, default: byDefault }]) =>
        `              --${option} N  ${help} (default ${byDefault})`,
    ),
  ]);
  return [
    'npm run bench -- NAME [options] [--json]',
    '',
    ...list,
    '',
    'Progress goes to stderr. With --json the last line of stdout is one JSON object, else a table is printed.',
  ].join('\n');
}
