import { join } from 'node:path';
import { forgetBuild, prepareDevelopment } from './build';
import { runInForeground, runMain } from './foreground';
import { setTheStage } from './launch';
import { projectFolder } from './project';

/** `npm run dev`: the app with hot reload of the renderer and a restart when main or the preload changes. */
async function dev(): Promise<number> {
  const stage = await setTheStage(process.argv.slice(2));
  const env = {
    ...stage.env,
    ELECTRON_EXEC_PATH: stage.runtime.execPath,
    ELECTRON_MAJOR_VER: '25',
  };
  const args = [...stage.args, ...process.argv.slice(2)];
  await prepareDevelopment();
  forgetBuild(); // what is in out/ will be the development build
  const bundler = join(projectFolder, 'node_modules/electron-vite/bin/electron-vite.js');
  const code = await runInForeground(process.execPath, [bundler, 'dev', '--watch', '--', ...args], {
    cwd: projectFolder,
    env,
  });
  stage.display.close();
  return code;
}

runMain(dev);
