import { MessageChannelMain, utilityProcess } from 'electron';
import type { BackgroundProcess } from '../background/control';
import { eventPortDuplex } from '../background/ports';

export interface UtilityOptions {
  /** The built background program. */
  readonly modulePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * V8 lets new objects take 16 MB before it looks for those that live, and keeps that room for good; 2 MB do
 * for rows and jobs, which die young. `gc` is there for the end of the start (settle.ts).
 */
const V8_FLAGS = '--js-flags=--max-semi-space-size=2 --expose-gc';

/** The background process of the windowed console: a utility process, which Chromium ends with its parent. */
export const spawnUtility = ({ modulePath, env }: UtilityOptions): BackgroundProcess => {
  const child = utilityProcess.fork(modulePath, [], {
    env,
    execArgv: [V8_FLAGS],
    serviceName: 'ADSapp background',
    stdio: 'inherit',
  });
  const [control, rpc, database] = [
    new MessageChannelMain(),
    new MessageChannelMain(),
    new MessageChannelMain(),
  ];
  child.postMessage(null, [control.port2, rpc.port2, database.port2]);
  return {
    channels: {
      control: eventPortDuplex(control.port1),
      rpc: eventPortDuplex(rpc.port1),
      database: eventPortDuplex(database.port1),
    },
    onExit: (listener) => {
      child.once('exit', (code) => listener(code));
    },
    kill: () => {
      const { pid } = child;
      // `kill()` only asks (SIGTERM); a process that hangs does not listen.
      if (pid === undefined) child.kill();
      else process.kill(pid, 'SIGKILL');
    },
  };
};
