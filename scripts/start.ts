import { buildIfStale } from './build';
import { runInForeground, runMain } from './foreground';
import { absoluteFiles, setTheStage } from './launch';
import { projectFolder } from './project';

/** `npm start [-- files or adsapp:// links]`: opens the app, whatever this machine lacks. */
async function start(): Promise<number> {
  const userArgs = absoluteFiles(process.argv.slice(2));
  const stage = await setTheStage(userArgs);
  await buildIfStale();
  const args = [...stage.args, projectFolder, ...userArgs];
  const code = await runInForeground(stage.runtime.execPath, args, { cwd: projectFolder, env: stage.env });
  stage.display.close();
  return code;
}

runMain(start);
