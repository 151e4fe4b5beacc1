import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder of the repository. */
export const projectFolder = dirname(__dirname);

/** Where what scripts make for this checkout goes; ignored by git. */
export const workFolder = join(projectFolder, '.cache');

/** Where what scripts fetch for this user's account goes, shared by all checkouts. */
export function userCacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'adsapp-queue-console');
}

/** Whether we run as root, where Chromium's sandbox cannot work. */
export const isRoot = process.getuid?.() === 0;
