import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SetupError } from './foreground';
import { projectFolder, workFolder } from './project';

const run = promisify(execFile);

const SOURCES = [
  'src-main',
  'src-renderer',
  'src-shared',
  'electron.vite.config.ts',
  'scripts/one-byte-source.ts',
  'package.json',
  'tsconfig.json',
];
const STAMP = join(projectFolder, 'out/build.json');
const LOCK = join(workFolder, 'build.lock');
/** Beside the bundles and in none of them: the bundler empties their folders, also for `npm run dev`. */
export const DATABASE_SEED = join(projectFolder, 'out/pglite-seed.tar.gz');

const stampSchema = z.object({ sources: z.string() });

/** Builds the app into `out/`, unless what is there was built from the sources as they are now. */
export async function buildIfStale(): Promise<void> {
  if (isFresh()) return;
  await withLock(async () => {
    if (isFresh()) return; // another process built it while we waited
    console.log('Building the app…');
    await bundle();
  });
}

/** Builds the app into `out/`, whatever is there. @throws SetupError with the bundler's output */
export function build(): Promise<void> {
  return withLock(bundle);
}

/** What is in `out/` is not to be taken for a finished build any more. */
export function forgetBuild(): void {
  rmSync(STAMP, { force: true });
}

async function bundle(): Promise<void> {
  const sources = fingerprint();
  forgetBuild();
  const bundler = join(projectFolder, 'node_modules/electron-vite/bin/electron-vite.js');
  // 25: main stays CommonJS, which the fall-back Electron needs and every later one runs.
  const env = { ...process.env, ELECTRON_MAJOR_VER: '25', NODE_ENV: 'production' };
  try {
    await run(process.execPath, [bundler, 'build'], { cwd: projectFolder, env, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const output = z.object({ stdout: z.string(), stderr: z.string() }).safeParse(error);
    throw new SetupError(
      `The build failed.\n${output.success ? output.data.stdout + output.data.stderr : String(error)}`,
    );
  }
  await prepareDatabase();
  writeFileSync(STAMP, JSON.stringify({ sources }));
}

/**
 * Makes the data folder that first starts of the embedded database begin with. It takes seconds and
 * changes only with what it is made of, so it is kept between builds.
 */
async function prepareDatabase(): Promise<void> {
  const kept = keptSeed();
  if (!existsSync(kept)) {
    await run(process.execPath, [join(projectFolder, 'out/main/seed.js')], { cwd: projectFolder });
    copyFileSync(DATABASE_SEED, `${kept}.new`);
    renameSync(`${kept}.new`, kept);
  }
  mkdirSync(dirname(DATABASE_SEED), { recursive: true });
  copyFileSync(kept, DATABASE_SEED);
}

/**
 * Lays the database's first data folder in place for bundles that somebody else makes. Builds the app once
 * where no such folder is kept yet: it takes the app's own code to make one.
 */
export async function prepareDevelopment(): Promise<void> {
  if (!existsSync(keptSeed())) await buildIfStale();
  await withLock(prepareDatabase);
}

const keptSeed = (): string => join(workFolder, `pglite-seed-${seedFingerprint()}.tar.gz`);

function seedFingerprint(): string {
  const hash = createHash('sha256');
  addTo(hash, 'src-main/database/migrations');
  addTo(hash, 'src-main/engine/coordination-tables.ts');
  addTo(hash, 'package-lock.json');
  return hash.digest('hex').slice(0, 16);
}

function isFresh(): boolean {
  if (!existsSync(STAMP) || !existsSync(join(projectFolder, 'out/main/index.js'))) return false;
  const stamp = stampSchema.safeParse(JSON.parse(readFileSync(STAMP, 'utf8')));
  return stamp.success && stamp.data.sources === fingerprint();
}

/** A hash over the names, sizes and times of everything that the build reads of ours. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) addTo(hash, source);
  return hash.digest('hex');
}

function addTo(hash: ReturnType<typeof createHash>, path: string): void {
  const full = join(projectFolder, path);
  const stats = statSync(full, { throwIfNoEntry: false });
  if (!stats) return;
  if (stats.isDirectory()) {
    for (const name of readdirSync(full).sort()) addTo(hash, join(path, name));
  } else if (!/\.test\.tsx?$/.test(path)) {
    hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
  }
}

/** Two builds into the same folder at a time would each empty what the other wrote. */
async function withLock(work: () => Promise<void>): Promise<void> {
  mkdirSync(workFolder, { recursive: true });
  for (let waited = 0; !takeLock(); waited += 1) {
    if (waited === 0) console.log('Another process builds the app; waiting for it…');
    await delay(200);
  }
  try {
    await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function takeLock(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : 0;
    if (holder > 0 && !isRunning(holder)) rmSync(LOCK, { force: true }); // it was killed while building
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return z.object({ code: z.literal('EPERM') }).safeParse(error).success;
  }
}
