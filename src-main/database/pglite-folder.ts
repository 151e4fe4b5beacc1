import { constants, mkdirSync, writeFileSync } from 'node:fs';
import { access, copyFile, cp, mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** The files of an embedded database below one folder. */
export interface DatabaseFolder {
  /** PostgreSQL's data folder. */
  readonly data: string;
  readonly lock: string;
  readonly backups: string;
}

export function databaseFolder(root: string): DatabaseFolder {
  return { data: join(root, 'data'), lock: join(root, 'lock'), backups: join(root, 'backups') };
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Makes `target` in one step by its last move: a folder that was made half-way is never taken for whole. */
export async function createWhole(target: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${target}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await make(temporary);
  await rename(temporary, target);
}

const BLOCK = 512;
const DIRECTORY = '5';

/**
 * Unpacks a prepared data folder (the .tar.gz that buildSeed writes) into a new folder. A thousand small files that
 * are written one after the other without waiting take a tenth of a second; each waited for, they take six.
 */
export async function unpackSeed(archive: string, target: string): Promise<void> {
  const tar = await promisify(gunzip)(await readFile(archive));
  await mkdir(target, { recursive: true });
  const made = new Set<string>([target]);
  for (let at = 0; at + BLOCK <= tar.length && tar.readUInt8(at) !== 0;) {
    const name = tarText(tar, at + 345, 155) + tarText(tar, at, 100);
    const size = Number.parseInt(tarText(tar, at + 124, 12), 8);
    const path = inside(target, name);
    const parent = tarText(tar, at + 156, 1) === DIRECTORY ? path : dirname(path);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    if (parent !== path) writeFileSync(path, tar.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function tarText(tar: Buffer, start: number, length: number): string {
  const end = tar.indexOf(0, start);
  return tar.toString('latin1', start, end === -1 ? start + length : Math.min(end, start + length)).trim();
}

function inside(root: string, name: string): string {
  const path = normalize(join(root, name));
  if (path !== root && !path.startsWith(root + sep))
    throw new Error(`The archive leaves its folder: ${name}`);
  return path;
}

/** The newest backup first. */
export async function listBackups(folder: DatabaseFolder): Promise<string[]> {
  if (!(await exists(folder.backups))) return [];
  const names = await readdir(folder.backups);
  return names
    .filter((name) => /^\d{8}T\d{9}Z$/.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder.backups, name));
}

/** Copies the data folder, which nobody may write to meanwhile. The copy is not on disk for sure yet. */
export async function copyData(folder: DatabaseFolder, now: Date): Promise<string> {
  const name = now.toISOString().replaceAll(/[-:.]/g, '');
  const target = join(folder.backups, name);
  await mkdir(folder.backups, { recursive: true });
  await copyTree(folder.data, `${target}.tmp`);
  return target;
}

/** Forces the copy to the disk (PGlite itself never does), gives it its name, and removes all but `keep`. */
export async function sealBackup(folder: DatabaseFolder, target: string, keep: number): Promise<void> {
  await syncTree(`${target}.tmp`);
  await rename(`${target}.tmp`, target);
  await syncPath(folder.backups);
  for (const old of (await listBackups(folder)).slice(keep)) await rm(old, { recursive: true, force: true });
}

/** Removes what a backup left that was cut short. */
export async function removeHalfBackups(folder: DatabaseFolder): Promise<void> {
  if (!(await exists(folder.backups))) return;
  for (const name of await readdir(folder.backups)) {
    if (name.endsWith('.tmp')) await rm(join(folder.backups, name), { recursive: true, force: true });
  }
}

/** Puts the newest backup in the place of a data folder that does not open; that one is kept aside. */
export async function restoreNewest(folder: DatabaseFolder, now: Date): Promise<string | undefined> {
  const [backup] = await listBackups(folder);
  if (backup === undefined) return undefined;
  await rename(folder.data, `${folder.data}.broken-${now.toISOString().replaceAll(/[-:.]/g, '')}`);
  await createWhole(folder.data, (temporary) => cp(backup, temporary, { recursive: true }));
  return backup;
}

async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const entries = await readdir(source, { withFileTypes: true });
  for (const entry of entries.filter((item) => item.isDirectory())) {
    await copyTree(join(source, entry.name), join(target, entry.name));
  }
  await Promise.all(
    entries
      .filter((item) => item.isFile())
      .map((item) => copyFile(join(source, item.name), join(target, item.name), constants.COPYFILE_FICLONE)),
  );
}

async function syncTree(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries) {
    const child = join(path, entry.name);
    await (entry.isDirectory() ? syncTree(child) : syncPath(child));
  }
  await syncPath(path);
}

async function syncPath(path: string): Promise<void> {
  // Windows cannot open a folder for that; NTFS keeps its own journal of names.
  const file = await open(path, 'r').catch((error: unknown) => {
    if (process.platform === 'win32') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    if (process.platform !== 'win32') await file.sync();
  } finally {
    await file.close();
  }
}
