import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AlertsLive } from '@shared/contract/alerts';
import { unwrap } from '@shared/errors';
import { createApp, type App } from '../app';
import { backgroundEnvironment, type BackgroundProcess } from '../background/control';
import { forkBackground } from '../background/fork-background';
import { parseEnvironment } from '../config/environment';
import { createSessionSecrets } from '../config/secrets';
import { openSettingsFile } from '../config/stored-settings';
import { until } from '../engine/testing/until';
import { createFileExchange, type FileExchange } from '../files/exchange';
import { bundle } from '../imports/testing/bundle';
import type { Logger } from '../logging/logger';
import type { BoardAlerts } from '../notices/announcer';
import type { Notice } from '../notices/wording';
import { createSignals } from '../status/signals';

const LONG_MS = 60_000;
const env = backgroundEnvironment(process.env);

let program: Awaited<ReturnType<typeof bundle>>;
let folder: string;
/** A program that ends at once: in the place of the background process, it leaves the engine away. */
let endsAtOnce: string;
let files: FileExchange;
let app: App | undefined;
let mayStart = true;
let running: BackgroundProcess | undefined;
const nothing = (): void => undefined;
const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, flush: nothing };
const notices: Notice[] = [];
const trays: BoardAlerts[] = [];

// The whole console on the embedded profile: its engine lives in a process of its own, which really ends.
beforeEach(async () => {
  program = await bundle('src-main/background/index.ts');
  folder = await mkdtemp(join(tmpdir(), 'adsapp-embedded-'));
  endsAtOnce = join(folder, 'ends-at-once.cjs');
  await writeFile(endsAtOnce, 'process.exit(1);');
  files = await createFileExchange({ directory: join(folder, 'exchange'), report: () => undefined });
  app = await createApp({
    ...{ version: '0', host: 'serve', dataDir: folder, files, signals: createSignals() },
    environment: unwrap(parseEnvironment({ ADSAPP_DATA_DIR: folder })),
    settingsFile: openSettingsFile(join(folder, 'settings.json')),
    secrets: createSessionSecrets(),
    logger: silent,
    spawnBackground: () =>
      (running = forkBackground({ modulePath: mayStart ? program.path : endsAtOnce, env })),
    runtime: { electron: null, node: process.versions.node, chrome: null },
    restart: null,
    api: { state: () => ({ running: false, url: null, problem: null }), apply: () => Promise.resolve() },
    notices: {
      notify: (notice) => notices.push(notice),
      setBadge: () => undefined,
      setProgress: () => undefined,
      setAlerts: (alerts) => trays.push(alerts),
      onPause: () => () => undefined,
    },
    menu: null,
  });
}, 2 * LONG_MS);
afterEach(async () => {
  mayStart = true;
  await app?.close();
  await files.close();
  await rm(folder, { recursive: true, force: true });
  await program.dispose();
}, LONG_MS);

it(
  'an embedded engine whose process is killed is told as down, refuses at once, and is over when it is back',
  async () => {
    if (app === undefined) throw new Error('The app has not started.');
    const { handlers } = app.rest;
    const context = { actor: app.actor('system'), signal: new AbortController().signal };
    let live: AlertsLive | undefined;
    void handlers.alerts.live(
      {},
      { next: (value) => void (live = value), end: () => undefined },
      { ...context },
    );
    const shipped = await until('the shipped rule', async () => {
      const { rules } = unwrap(await handlers.alerts.rules({}, context));
      return rules.find(({ condition }) => condition.kind === 'engine-down');
    });
    const { id, name, condition, severity } = shipped;
    const saved = { ruleId: id, name, condition, severity, enabled: true, notify: true, forSeconds: 1 };
    unwrap(await handlers.alerts.saveRule(saved, context));
    const standing = (): string | undefined => live?.standings.find(({ ruleId }) => ruleId === id)?.phase;
    await until('the engine to be seen as fine', () => standing() === 'ok', LONG_MS);

    mayStart = false;
    running?.kill();
    const [incident] = await until('the incident', () => live?.open.length === 1 && live.open, LONG_MS);
    expect(incident).toMatchObject({ kind: 'engine-down', subject: { type: 'engine', label: 'embedded' } });
    await until('the notification', () => notices[0]?.title === 'The queue engine cannot be reached');
    await until('the tray', () => trays.at(-1)?.open[0]?.title === 'The queue engine cannot be reached');
    const refusal = await handlers.queues
      .pause({ queue: 'bulk-messages' }, context)
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ error: { code: 'engine_unavailable' } });

    mayStart = true;
    const over = await until(
      'its end in the history, although the database was away as well',
      async () => {
        const found = await handlers.alerts
          .incidents({ state: 'resolved', limit: 10 }, context)
          .catch(() => null);
        return found?.ok === true && found.value.incidents[0];
      },
      2 * LONG_MS,
    );
    expect(over).toMatchObject({ id: incident?.id, kind: 'engine-down', resolution: 'cleared' });
    expect(live).toMatchObject({ open: [], kept: true });
    unwrap(await handlers.queues.pause({ queue: 'bulk-messages' }, context));
  },
  5 * LONG_MS,
);
