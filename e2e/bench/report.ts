import type { BenchResult } from './bench';
import type { Machine } from './machine';
import { rounded } from './statistics';

/** All that a run says in the end. */
export interface Report extends BenchResult {
  readonly bench: string;
  readonly machine: Machine;
}

export function createReport(
  bench: string,
  { engine, results, peers }: BenchResult,
  machine: Machine,
): Report {
  return { bench, engine, results: roundedAll(results), peers: roundedAll(peers), machine };
}

/** One line of JSON. */
export const asJson = (report: Report): string => JSON.stringify(report);

/** The same for people. */
export function asTable({ bench, engine, results, peers, machine }: Report): string {
  return [
    `${bench} (${engine})`,
    ...rows(results),
    ...(Object.keys(peers).length === 0 ? [] : ['peers', ...rows(peers)]),
    `on ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB, ${machine.platform}, ` +
      `Node ${machine.node}, load before ${machine.loadBefore}`,
  ].join('\n');
}

function rows(figures: Readonly<Record<string, number>>): string[] {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  return Object.entries(figures).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

function roundedAll(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => {
      // JSON would make null of it, which reads like "not measured".
      if (!Number.isFinite(value)) throw new RangeError(`${name} is ${value}.`);
      return [name, rounded(value)];
    }),
  );
}
