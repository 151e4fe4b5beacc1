import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Display } from '../../scripts/display';
import { sandboxProblem } from '../../scripts/launch';
import { projectFolder } from '../../scripts/project';
import { endWithUs } from '../../scripts/reaper';
import { appEnvironment, launchFolders } from '../fixtures/app-environment';
import { Output } from '../fixtures/output';
import { BUNDLE_ORIGIN } from '../../src-main/electron/origin';
import { DevTools } from './devtools';
import type { Resources } from './resources';

const LAUNCH_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 20_000;

export interface MeasuredAppOptions {
  readonly execPath: string;
  readonly display: Display;
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The built app in a real Electron window, started as a desktop starts it: no test runner stands between. */
export interface MeasuredApp {
  readonly pid: number;
  /** Just before the process was made, in ms since 1970. */
  readonly spawnedAt: number;
  /** What the app printed. */
  readonly output: Output;
  /** Its page. */
  readonly page: DevTools;
  /** Closes it as its user would and waits for its end. @throws where it has to be killed */
  readonly close: () => Promise<void>;
}

/** Launches the app and connects to its page. Whatever happens, `resources` ends it. */
export async function launchMeasured(
  options: MeasuredAppOptions,
  resources: Resources,
): Promise<MeasuredApp> {
  const { execPath, display, dataFolder } = options;
  const folders = launchFolders({ dataFolder });
  resources.add(folders.remove);
  const log = openSync(folders.output, 'a');
  const args = [
    ...(sandboxProblem(execPath) === undefined ? [] : ['--no-sandbox']),
    ...display.electronArgs,
    projectFolder,
    `--user-data-dir=${dataFolder}`,
    '--remote-debugging-port=0',
    // Else the kernel hides the memory of sandboxed processes from us.
    '--allow-sandbox-debugging',
  ];
  const env = appEnvironment(dataFolder, display.env, options.env);
  const spawnedAt = Date.now();
  const child = spawn(execPath, args, {
    cwd: projectFolder,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.once('error', () => {
      resolve();
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${execPath} could not be started.`);
  endWithUs(child, 'KILL');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const kill = async (): Promise<void> => {
    // Its own process group: the helpers go with it.
    if (!hasEnded()) process.kill(-pid, 'SIGKILL');
    await exited;
  };
  resources.add(kill);

  const output = new Output(folders.output, child);
  const [, url = '', port = ''] = await output.waitFor(
    /^DevTools listening on (ws:\/\/127\.0\.0\.1:(\d+)\S*)/m,
    LAUNCH_TIMEOUT_MS,
  );
  const page = await DevTools.connectToPage(Number(port), BUNDLE_ORIGIN, LAUNCH_TIMEOUT_MS);
  const close = async (): Promise<void> => {
    page.close();
    const browser = await DevTools.connect(url);
    browser.askToClose();
    const stuck = setTimeout(() => void kill(), CLOSE_TIMEOUT_MS);
    await exited;
    clearTimeout(stuck);
    browser.close();
    if (child.signalCode !== null) throw new Error(`The app did not close. It printed:\n${output.text()}`);
    folders.remove();
  };
  return { pid, spawnedAt, output, page, close };
}
