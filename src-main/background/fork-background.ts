import { fork } from 'node:child_process';
import type { BackgroundProcess } from './control';
import { splitChannels } from './channels';
import { ipcDuplex } from './ports';

export interface ForkOptions {
  /** The built background program. */
  readonly modulePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The background process of a console without a window: a child of this Node process. */
export const forkBackground = ({ modulePath, env }: ForkOptions): BackgroundProcess => {
  const child = fork(modulePath, [], {
    env,
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const channels = splitChannels(ipcDuplex(child));
  return {
    channels,
    onExit: (listener) => {
      let told = false;
      const once = (code: number | null): void => {
        if (told) return;
        told = true;
        listener(code);
      };
      child.once('exit', (code) => once(code));
      // It could not even be started: there will be no exit.
      child.once('error', () => {
        if (child.pid === undefined) once(null);
      });
    },
    kill: () => void child.kill('SIGKILL'),
  };
};
