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
  /** The user meant to open something with the app that cannot be: they are told instead of waiting for it. */
  z.object({ type: z.literal('not-opened'), what: z.enum(['link', 'file']), name: z.string().max(200) }),
]);
export type AppSignal = z.infer<typeof AppSignal>;

/** Where a command stands in the palette, on the shortcut sheet and in the native menu. */
export const commandSections = ['navigate', 'row', 'page', 'queue', 'create', 'view', 'system'] as const;
export const CommandSection = z.enum(commandSections);
export type CommandSection = z.infer<typeof CommandSection>;

/** A command of the window as its native menu shows it: words only, never code. */
export const MenuCommand = z.object({
  id: z.string().min(1).max(300),
  title: z.string().min(1).max(300),
  section: CommandSection,
  /** As the registry writes it: `Mod+K`, `r`, `g o`. */
  shortcut: z.string().max(40).optional(),
  enabled: z.boolean(),
});
export type MenuCommand = z.infer<typeof MenuCommand>;

export const app = {
  status: query({ input: Empty, output: AppStatus }),
  /** The status now and at every change of it. */
  statusChanges: stream({ input: Empty, output: AppStatus }),
  /**
   * Tells the native menu what the window offers now; what is chosen there comes back as a `run-command` signal.
   * Without a native menu nothing happens.
   */
  offerMenu: command({ input: z.object({ commands: z.array(MenuCommand).max(300) }), output: Empty }),
  signals: stream({ input: Empty, output: AppSignal }),
  /**
   * Makes a spreadsheet of 1,000 contacts with realistic flaws and three templates, and opens the
   * spreadsheet as an import. Templates that exist already are kept.
   */
  loadSampleData: command({ input: Empty, output: z.object({ importId: ImportId, templates: Count }) }),
};
