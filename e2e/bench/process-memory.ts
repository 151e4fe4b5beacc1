import { readdirSync, readFileSync } from 'node:fs';

/** The memory of one process: pages it shares count in parts (PSS), so that a sum counts each page once. */
export interface ProcessMemory {
  readonly pid: number;
  /** What it does for the app, such as `renderer`; the program's name where it does not say. */
  readonly name: string;
  readonly megabytes: number;
}

/** The memory of a process and all its descendants as it is now. Linux only. @throws where one may not be read */
export function treeMemory(root: number): ProcessMemory[] {
  return processTree(root).flatMap((pid) => {
    try {
      return [{ pid, name: nameOf(pid), megabytes: proportionalKilobytes(pid) / 1_024 }];
    } catch (error) {
      if (isGone(error)) return []; // it ended meanwhile: it holds nothing
      throw error;
    }
  });
}

function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  // Grows while it is walked: each process brings its children.
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function parentOf(pid: number): number | undefined {
  try {
    // "pid (name) state ppid …", and a name may hold anything, brackets as well.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Chromium's helpers rewrite their command line: what they are stands in it, their program may not. */
function nameOf(pid: number): string {
  const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  const [, kind] = /--utility-sub-type=(\S+)/.exec(line) ?? /--type=(\S+)/.exec(line) ?? [];
  return kind ?? readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

function proportionalKilobytes(pid: number): number {
  const line = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  if (!line) throw new Error(`/proc/${pid}/smaps_rollup says nothing of Pss.`);
  return Number(line[1]);
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
