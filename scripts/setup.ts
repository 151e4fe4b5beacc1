import { electronRuntime } from './electron-runtime';
import { runMain } from './foreground';
import { prepareSystem } from './system';

/** `npm run setup`: fetches and installs everything that starting and testing the app may need. */
async function setup(): Promise<number> {
  prepareSystem(['electron', 'display', 'redis', 'chromium', 'fonts']);
  console.log((await electronRuntime()).why);
  return 0;
}

runMain(setup);
