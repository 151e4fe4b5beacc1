import { z } from 'zod';
import { AppError } from '@shared/errors';
import type { Channels } from './channels';

/** Main's first message: all that the background process is told. Over the channel, so that no secret is on a command line. */
export const StartMessage = z.object({ type: z.literal('start'), config: z.unknown() });
export type StartMessage = z.infer<typeof StartMessage>;

/** The background process's one answer to it. */
export const StartedMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), error: AppError }),
]);
export type StartedMessage = z.infer<typeof StartedMessage>;

/** A running background process as main has it, whatever kind of process it is. */
export interface BackgroundProcess {
  readonly channels: Channels;
  /** Called once, with the exit code; null after a signal. */
  onExit(listener: (code: number | null) => void): void;
  /** At once, without asking. */
  kill(): void;
}

export type SpawnBackground = () => BackgroundProcess;

/** The environment that a background process needs from its parent's: where it is, not what it may. */
export const backgroundEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const INHERITED = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'LC_ALL',
  'TZ',
  'SYSTEMROOT',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
];
