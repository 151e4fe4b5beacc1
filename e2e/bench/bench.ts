import type { Resources } from './resources';

/** What a benchmark may be told on the command line: `--NAME number`, `--NAME choice`, or just `--NAME`. */
export type BenchOption =
  | { readonly help: string; readonly default: number }
  | { readonly help: string; readonly default: string; readonly choices: readonly string[] }
  | { readonly help: string; readonly default: false };

/** The value of an option: a number from 1 on, one of its choices, or whether a switch was given. */
export type OptionValue = number | string | boolean;

/** What a benchmark is run with. */
export interface BenchRun {
  /** The value of one of its options that take a number. */
  readonly option: (name: string) => number;
  /** What was chosen for one of its options that have choices. */
  readonly choice: (name: string) => string;
  /** Whether one of its switches was given. */
  readonly isOn: (name: string) => boolean;
  /** Says on stderr how far it is. */
  readonly progress: (message: string) => void;
  /** Whatever it starts is registered here, and ended whichever way the run ends. */
  readonly resources: Resources;
}

/** What a benchmark found: plain numbers, named with their unit. */
export interface BenchResult {
  /** What carried the queues: `redis`, `pglite`, or both. */
  readonly engine: string;
  readonly results: Readonly<Record<string, number>>;
  /** The same measured on what we compare with, in the same run. */
  readonly peers: Readonly<Record<string, number>>;
}

/** One benchmark. It never skips: what cannot run is an error. */
export interface Bench {
  /** One line for `--help`. */
  readonly summary: string;
  readonly options: Readonly<Record<string, BenchOption>>;
  readonly run: (run: BenchRun) => Promise<BenchResult>;
}
