import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { rounded } from './statistics';

/** What the figures of a run depend on besides the program. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly platform: string;
  /** Mean number of running processes in the minute before: above 1 the machine was not ours alone. */
  readonly loadBefore: number;
}

/** Looks at the machine as it is now; called before the benchmark loads it. */
export function machineFacts(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: rounded(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    loadBefore: rounded(loadavg()[0] ?? 0),
  };
}
