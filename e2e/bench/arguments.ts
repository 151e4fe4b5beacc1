import { parseArgs } from 'node:util';
import { SetupError } from '../../scripts/foreground';
import type { Bench, BenchOption, OptionValue } from './bench';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'run';
      readonly name: string;
      readonly bench: Bench;
      readonly json: boolean;
      readonly options: ReadonlyMap<string, OptionValue>;
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
    Object.entries(bench.options).map(([option, declared]) => {
      const value = given[option];
      return [option, value === undefined ? declared.default : valueOf(option, declared, value)];
    }),
  );
  return { kind: 'run', name, bench, json: json === true, options };
}

function optionsOf(args: string[], bench: Bench): Record<string, string | boolean | undefined> {
  const own = Object.entries(bench.options).map(
    ([name, option]) => [name, { type: option.default === false ? 'boolean' : 'string' }] as const,
  );
  try {
    return parseArgs({ args, options: { ...Object.fromEntries(own), json: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  }
}

function valueOf(name: string, option: BenchOption, value: string | boolean): OptionValue {
  if (option.default === false) return value === true;
  if (!('choices' in option)) return positive(name, value);
  if (typeof value === 'string' && option.choices.includes(value)) return value;
  throw new SetupError(`--${name} must be one of ${option.choices.join(', ')}, not "${String(value)}".`);
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
    ...Object.entries(options).map(([option, declared]) => `              ${optionText(option, declared)}`),
  ]);
  return [
    'npm run bench -- NAME [options] [--json]',
    '',
    ...list,
    '',
    'Progress goes to stderr. With --json the last line of stdout is one JSON object, else a table is printed.',
  ].join('\n');
}

function optionText(name: string, option: BenchOption): string {
  if (option.default === false) return `--${name}  ${option.help}`;
  const value = 'choices' in option ? option.choices.join('|') : 'N';
  return `--${name} ${value}  ${option.help} (default ${option.default})`;
}
