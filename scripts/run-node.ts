import { join } from 'node:path';
import { buildIfStale } from './build';
import { runInForeground, runMain, SetupError } from './foreground';
import { projectFolder } from './project';

/** `npm run serve -- …`, `npm run worker -- …`: one of the app's programs without a window, in plain Node. */
async function runNode(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  if (name !== 'serve' && name !== 'worker') throw new SetupError('Which program: serve or worker?');
  await buildIfStale();
  const program = join(projectFolder, 'out/main', `${name}.js`);
  return runInForeground(process.execPath, ['--enable-source-maps', program, ...args]);
}

runMain(runNode);
