import { homedir } from 'node:os';
import { join } from 'node:path';

const FOLDER = 'adsapp-queue-console';

/** Where this system keeps an application's data; ADSAPP_DATA_DIR goes before it. */
export const defaultDataDirectory = (
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string => {
  switch (platform) {
    case 'win32':
      return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), FOLDER);
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', FOLDER);
    default:
      return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), FOLDER);
  }
};
