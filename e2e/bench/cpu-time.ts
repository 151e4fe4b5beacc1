import { readdirSync, readFileSync } from 'node:fs';
import type { Queryable } from '../../src-main/database/pool';

/** The kernel counts in hundredths of a second, whatever the machine (USER_HZ). */
const TICK_MS = 10;

/** CPU time of this process so far, all of its threads, in ms. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/**
 * Reads the CPU time of the database server so far, in ms: the process that has started the session's, all of its
 * children, and those that have ended. The server must run on this machine. Linux only.
 */
export async function serverCpu(database: Queryable): Promise<() => number> {
  const { rows } = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const session = statOf(rows[0]?.pid ?? 0);
  if (session === undefined) throw new Error('The database server does not run on this machine.');
  const server = session.parent;
  return () => {
    const processes = readdirSync('/proc').flatMap((entry) => {
      const pid = Number(entry);
      const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
      return stat === undefined || (pid !== server && stat.parent !== server) ? [] : [{ ...stat, pid }];
    });
    const ended = processes.find(({ pid }) => pid === server)?.childrenTicks ?? 0;
    return processes.reduce((sum, { ticks }) => sum + ticks, ended) * TICK_MS;
  };
}

interface Stat {
  readonly parent: number;
  readonly ticks: number;
  /** Of children that have ended. */
  readonly childrenTicks: number;
}

function statOf(pid: number): Stat | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // it has ended
  }
  // "pid (name) state ppid … utime stime cutime cstime …", and a name may hold anything, brackets as well.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), ticks: user + system, childrenTicks: childrenUser + childrenSystem };
}
