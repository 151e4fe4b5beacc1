import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AppFailure } from '@shared/errors';
import { z } from 'zod';

const LockContent = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** Tells this process from a later one with the same id; null where the system does not say. */
  processStart: z.string().nullable(),
  token: z.string(),
  /** It is on its way out: what it has begun is brought to an end first. */
  closing: z.boolean().optional(),
});
type LockContent = z.infer<typeof LockContent>;

/** How often the holder touches its lock, in ms. */
const HEARTBEAT_MS = 5_000;
/** Where the holder cannot be looked up (another machine's process), this silence means it is gone, in ms. */
const SILENCE_MS = 30_000;
/** A lock without content or a takeover without end was left by a process that died right there, in ms. */
const HALF_MADE_MS = 5_000;
const POLL_MS = 100;
/** A holder that closes gives the jobs that it runs a few seconds, and a busy machine takes its time, in ms. */
const CLOSING_MS = 20_000;

export interface LockOptions {
  /** How long to wait for a holder that does not say that it is closing, in ms. Default 3,000. */
  readonly waitMs?: number;
}

/**
 * An exclusive lock on a folder, kept by a file with the holder's process id and start time. A lock whose
 * process is gone (also after kill -9, also when another process has its id now) is taken over.
 */
export class LockFile {
  private readonly heartbeat: NodeJS.Timeout;
  private lost: () => void = () => undefined;

  private constructor(
    private readonly path: string,
    private readonly token: string,
  ) {
    this.heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** Takes the lock, or throws an AppFailure (`conflict`) that names who holds it. */
  static async acquire(path: string, options: LockOptions = {}): Promise<LockFile> {
    const content: LockContent = {
      pid: process.pid,
      host: hostname(),
      processStart: await processStart(process.pid),
      token: randomUUID(),
    };
    const began = Date.now();
    const { waitMs = 3_000 } = options;
    for (;;) {
      if (await create(path, content)) return new LockFile(path, content.token);
      const holder = await readLock(path);
      if (holder === undefined) continue;
      if (await isStale(holder)) {
        await removeStale(path, holder);
        continue;
      }
      const patience = holder.content?.closing === true ? Math.max(waitMs, CLOSING_MS) : waitMs;
      if (Date.now() - began >= patience) throw heldBy(holder);
      await sleep(POLL_MS);
    }
  }

  /** Calls `listener` when the lock was taken away from this process: it must stop writing at once. */
  onLost(listener: () => void): void {
    this.lost = listener;
  }

  /** Says that it is given back soon: whoever is started meanwhile waits for it instead of giving up. */
  async announceRelease(): Promise<void> {
    const holder = await readLock(this.path);
    if (holder?.content?.token !== this.token) return;
    const next = `${this.path}.${this.token}`;
    await writeFile(next, JSON.stringify({ ...holder.content, closing: true } satisfies LockContent));
    await rename(next, this.path);
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    clearInterval(this.heartbeat);
    const holder = await readLock(this.path);
    if (holder?.content?.token === this.token) await unlink(this.path);
  }

  private async beat(): Promise<void> {
    const holder = await readLock(this.path);
    if (holder?.content?.token === this.token) {
      const now = new Date();
      return utimes(this.path, now, now);
    }
    clearInterval(this.heartbeat);
    this.lost();
  }
}

interface Holder {
  /** Undefined where the file could not be read as a lock: half made, or foreign. */
  readonly content: LockContent | undefined;
  readonly raw: string;
  /** How long ago the holder was last heard of, in ms. */
  readonly silentMs: number;
}

/** Creates the lock with its content; false where one exists. */
async function create(path: string, content: LockContent): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify(content));
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readLock(path: string): Promise<Holder | undefined> {
  try {
    const [raw, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { raw, content: parseLock(raw), silentMs: Date.now() - mtimeMs };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseLock(raw: string): LockContent | undefined {
  try {
    const parsed = LockContent.safeParse(JSON.parse(raw));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function isStale({ content, silentMs }: Holder): Promise<boolean> {
  if (content === undefined) return silentMs > HALF_MADE_MS;
  if (content.host !== hostname()) return silentMs > SILENCE_MS;
  if (!isAlive(content.pid)) return true;
  const start = await processStart(content.pid);
  if (start === null || content.processStart === null) return silentMs > SILENCE_MS;
  return start !== content.processStart;
}

/** Removes a stale lock, unless somebody else did and a new holder has moved in. */
async function removeStale(path: string, seen: Holder): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await enter(guard))) return sleep(POLL_MS);
  try {
    const now = await readLock(path);
    if (now?.raw === seen.raw) await unlink(path);
  } finally {
    await rmdir(guard);
  }
}

async function enter(guard: string): Promise<boolean> {
  try {
    await mkdir(guard);
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  try {
    if (Date.now() - (await stat(guard)).mtimeMs > HALF_MADE_MS) await rmdir(guard);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return !hasCode(error, 'ESRCH');
  }
}

const run = promisify(execFile);

/** When a process started, as this system tells it; null where it does not or the process is gone. */
async function processStart(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') {
      const [boot, line] = await Promise.all([
        readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
        readFile(`/proc/${String(pid)}/stat`, 'utf8'),
      ]);
      // Field 22 of stat(5); the second one, the command in brackets, may hold spaces.
      const ticks = line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
      return ticks === undefined ? null : `${boot.trim()}:${ticks}`;
    }
    if (process.platform === 'win32') return null;
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() === '' ? null : stdout.trim();
  } catch {
    // No such process, or no way to ask: the heartbeat decides.
    return null;
  }
}

function heldBy({ content }: Holder): AppFailure {
  const who = content === undefined ? 'another program' : `process ${String(content.pid)} on ${content.host}`;
  return new AppFailure({
    code: 'conflict',
    message: `The data folder is in use by ${who}.`,
    action: 'Close the other window or service first, or choose another data folder.',
  });
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
