import { z } from 'zod';
import { command, query, stream } from '../rpc/define';
import { ImportId } from '../domain/ids';
import { Count, Empty, Health, Instant } from './common';

export const AppStatus = z.object({
  version: z.string(),
  /** Where this console runs: its own window, or a browser on `serve`. */
  host: z.enum(['desktop', 'serve']),
  profile: z.enum(['embedded', 'shared']),
  engine: Health.extend({ kind: z.enum(['redis', 'pglite']), label: z.string() }),
  database: Health.extend({ kind: z.enum(['postgres', 'pglite']), label: z.string() }),
  background: Health,
  /** The name of the connection and whether it is worn as production in the title bar. */
  connection: z.object({ name: z.string(), production: z.boolean() }),
  organization: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string() }),
  providers: z.object({
    whatsapp: z.enum(['sandbox', 'cloud-api']),
    email: z.enum(['sandbox', 'resend']),
  }),
  runtime: z.object({ electron: z.string().nullable(), node: z.string(), chrome: z.string().nullable() }),
  /** Nothing imported, no template, nothing sent: the console explains itself. */
  firstRun: z.boolean(),
  startedAt: Instant,
});
export type AppStatus = z.infer<typeof AppStatus>;

/** Something the window should do because of the world outside it: a menu, a file opened with the app. */
export const AppSignal = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open-file'), path: z.string(), name: z.string() }),
  z.object({ type: z.literal('run-command'), command: z.string() }),
  z.object({ type: z.literal('navigate'), to: z.string() }),
]);
export type AppSignal = z.infer<typeof AppSignal>;

export const app = {
  status: query({ input: Empty, output: AppStatus }),
  /** The status now and at every change of it. */
  statusChanges: stream({ input: Empty, output: AppStatus }),
  signals: stream({ input: Empty, output: AppSignal }),
  /**
   * Makes a spreadsheet of 1,000 contacts with realistic flaws and three templates, and opens the
   * spreadsheet as an import. Templates that exist already are kept.
   */
  loadSampleData: command({ input: Empty, output: z.object({ importId: ImportId, templates: Count }) }),
};
