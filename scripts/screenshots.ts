import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { Queue } from 'bullmq';
import { readFile as readBook, utils, writeFile as writeBook } from 'xlsx';
import { restClient, type RestClient } from '../e2e/api/rest-client';
import { closeBrowser, launchChromium } from '../e2e/fixtures/chromium';
import { startPostgres } from '../e2e/fixtures/postgres';
import { startRedis } from '../e2e/fixtures/redis';
import { writeSampleSpreadsheet } from '../src-main/samples/samples';
import { buildIfStale } from './build';
import { runMain } from './foreground';
import { projectFolder, workFolder } from './project';
import { MESSAGE, screensOf, showGrid } from './screenshots-screens';
import { sendingScreens, type Screen } from './screenshots-sending';

/** Sizes of the window; the README shows the first one. */
const SIZES = [
  { width: 1_440, height: 900 },
  { width: 1_024, height: 700 },
  { width: 2_560, height: 1_440 },
] as const;

/** Pictures that the README shows; the rest is for looking at and stays in the cache. */
const SHOWN = new Set(['overview', 'compose', 'import-done', 'import-rows', 'campaign', 'jobs']);

/**
 * `npm run screenshots`: every screen in both themes, with data as after a morning's work. `--all` takes the
 * smallest and the largest window too; `--only NAME` takes one.
 */
async function screenshots(): Promise<number> {
  const { values } = parseArgs({
    options: { all: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  });
  await buildIfStale();
  const redis = await startRedis();
  const postgres = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'adsapp-screenshots-'));
  try {
    const env = { REDIS_URL: redis.url, DATABASE_URL: await postgres.createDatabase() };
    const { serve, page, close } = await launchChromium({ env });
    try {
      if (values.only === undefined) await takeEmpty(page);
      const filled = await fill(
        page,
        restClient(serve),
        { redisUrl: redis.url, databaseUrl: env.DATABASE_URL },
        folder,
        values.only,
      );
      const screens = Object.fromEntries(
        Object.entries(filled).filter(([name]) => values.only?.includes(name) ?? true),
      );
      for (const size of values.all ? SIZES : SIZES.slice(0, 1)) await takeAll(page, screens, size);
    } finally {
      await close();
      await closeBrowser();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await Promise.all([redis.dispose(), postgres.dispose()]);
  }
  return 0;
}

const EMPTY_SCREENS = [
  '/',
  '/jobs',
  '/failures',
  '/import',
  '/contacts',
  '/campaigns',
  '/templates',
  '/schedules',
];

async function takeEmpty(page: Page): Promise<void> {
  for (const path of EMPTY_SCREENS)
    await take(page, `empty-${path.slice(1) || 'overview'}`, { path }, 'light', SIZES[0]);
}

async function takeAll(
  page: Page,
  screens: Readonly<Record<string, Screen>>,
  size: (typeof SIZES)[number],
): Promise<void> {
  for (const theme of ['light', 'dark'] as const)
    for (const [name, screen] of Object.entries(screens)) await take(page, name, screen, theme, size);
}

/** Data as a user would have it; answers the screens that show it. */
async function fill(
  page: Page,
  rest: RestClient,
  { redisUrl, databaseUrl }: { readonly redisUrl: string; readonly databaseUrl: string },
  folder: string,
  only: readonly string[] | undefined,
): Promise<Readonly<Record<string, Screen>>> {
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Load sample data' }).click();
  await page.getByRole('button', { name: /^Import \d+ rows$/ }).click();
  await page.getByText(/= 1,000 read/).waitFor();
  const importPath = new URL(page.url()).hash.slice(1);
  await loseSomeAnswers(page);

  const contacts = await rest.ask('/api/contacts?limit=300');
  const contactIds = (contacts.body['contacts'] as { id: string }[]).map(({ id }) => id);
  const message = { contactIds, messageContent: MESSAGE, missing: 'skip' };
  const done = await rest.post('/api/jobs/bulk-message', { ...message, name: 'Orders ready for pick-up' });
  await addUnreadableJobs(redisUrl);
  await delay(45_000);
  await rest.post('/api/jobs/bulk-message', { ...message, name: 'Winter opening hours' });
  await rest.post('/api/jobs/bulk-message', { ...message, name: 'New Year greetings', delay: 86_400_000 });
  const draft = join(folder, 'Spring leads.xlsx');
  await writeSampleSpreadsheet(draft);
  await rest.upload('Spring leads.xlsx', new Uint8Array(readFileSync(draft)), {
    options: JSON.stringify({ defaultCountry: 'US' }),
  });
  await delay(5_000);
  const leads = join(folder, 'New leads.xlsx');
  writeNewLeads(draft, leads);
  const rejected = join(folder, 'Rejected rows.xlsx');
  const importId = new URLSearchParams(importPath.split('?')[1]).get('id') ?? '';
  writeFileSync(rejected, await rest.download(`/api/imports/${importId}/rejected.xlsx`));
  const dates = join(folder, 'Members.csv');
  writeFileSync(dates, memberLines().join('\n'));
  const screens = {
    ...screensOf(importPath, String(done.body['campaignId']), draft, leads),
    ...(await importScreens(rest, leads, rejected, dates)),
    ...(await scheduleScreens(rest)),
  };
  // What stands in the way of sending takes minutes to come about.
  if (only?.every((name) => name in screens) === true) return screens;
  return { ...screens, ...(await sendingScreens({ page, rest, redisUrl, databaseUrl, contactIds })) };
}

/** Schedules with a history, and the editor. */
async function scheduleScreens(rest: RestClient): Promise<Readonly<Record<string, Screen>>> {
  const message = (body: string) => ({ channel: 'whatsapp', body });
  const hello = { kind: 'campaign', name: 'Monday greeting', audience: { kind: 'all' } };
  const weekly = await rest.post('/api/schedules', {
    name: 'Monday greeting',
    when: { kind: 'cron', pattern: '30 9 * * 1', timeZone: 'America/New_York' },
    steps: [
      { ...hello, audience: { kind: 'tags', tags: ['vip'] }, message: message('Have a good week!') },
      { ...hello, name: 'Everyone else', message: message('Good morning, {{name|there}}!') },
    ],
  });
  const { id } = weekly.body['schedule'] as { id: string };
  await rest.post('/api/schedules', {
    name: 'New Year wishes',
    when: { kind: 'once', at: '2099-01-01T00:00:00.000Z', timeZone: 'Europe/Berlin' },
    steps: [{ ...hello, message: message('Happy New Year!') }],
  });
  await rest.post(`/api/schedules/${id}/run`, {});
  await delay(5_000);
  return {
    schedules: { path: `/schedules?id=${id}` },
    'schedules-all': { path: '/schedules' },
    'schedule-edit': {
      path: `/schedules?id=${id}`,
      act: (page) => page.getByRole('button', { name: 'Edit' }).click(),
    },
  };
}

/** Members with dates in numbers: of one column it is clear how they are written, of the other it is not. */
function memberLines(): string[] {
  const two = (value: number): string => String(value).padStart(2, '0');
  const members = Array.from({ length: 60 }, (_, n) =>
    [
      `Member ${n + 1}`,
      `+1917${5_550_100 + n}`,
      `member${n + 1}@example.com`,
      `${two((n % 28) + 1)}/${two((n % 12) + 1)}/19${60 + (n % 40)}`,
      `${two((n % 9) + 1)}/${two((n % 12) + 1)}/2024`,
    ].join(','),
  );
  return ['Name,Phone,Email,Born,Joined', ...members];
}

/** What an import shows in less usual cases. */
async function importScreens(
  rest: RestClient,
  leads: string,
  rejected: string,
  dates: string,
): Promise<Readonly<Record<string, Screen>>> {
  const opened = (file: string, act?: Screen['act']): Screen => ({
    path: '/import',
    act: async (page) => {
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByRole('button', { name: /^(Import|Continue with) / }).waitFor();
      await act?.(page);
    },
  });
  const mistaken = await rest.upload('Old list.csv', 'Name,Phone\nAnna,+12015550123\nBen,+12015550124\n');
  const undoneId = String(mistaken.body['importId']);
  await delay(3_000);
  await rest.post(`/api/imports/${undoneId}/undo`, {});
  return {
    'import-dates': opened(dates, (page) =>
      page
        .getByRole('heading', { name: 'Dates' })
        .evaluate((heading) => heading.scrollIntoView({ block: 'center' })),
    ),
    'import-continue': opened(rejected),
    'import-rules': opened(leads, async (page) => {
      await page.getByRole('checkbox', { name: 'Update contacts that exist already' }).check();
      await page
        .getByRole('group', { name: 'What the file may do to contacts that exist' })
        .evaluate((group) => group.scrollIntoView({ block: 'center' }));
    }),
    'import-all-rows': opened(leads, showGrid),
    'import-undone': { path: `/import?id=${undoneId}` },
  };
}

/** The same file with numbers of another city: most of them are new. */
function writeNewLeads(source: string, target: string): void {
  const book = readBook(source);
  for (const name of book.SheetNames) {
    const rows = utils.sheet_to_json<unknown[]>(book.Sheets[name] ?? {}, { header: 1 });
    const moved = rows.map((row) =>
      row.map((cell) => (typeof cell === 'string' ? cell.replace(/^(\+1\D*)212/, '$1646') : cell)),
    );
    book.Sheets[name] = utils.aoa_to_sheet(moved);
  }
  writeBook(book, target);
}

/** So that a campaign has recipients of whom nobody knows whether they got the message. */
async function loseSomeAnswers(page: Page): Promise<void> {
  await visit(page, '/settings');
  const sandbox = page.locator('form', { has: page.getByLabel('Answers lost, %') });
  await sandbox.getByLabel('Answers lost, %').fill('1');
  await sandbox.getByRole('button', { name: 'Save' }).click();
}

/** What a producer of an older version left in the queue: jobs that no processor can read. */
async function addUnreadableJobs(redisUrl: string): Promise<void> {
  const { hostname, port } = new URL(redisUrl);
  const connection = { host: hostname, port: Number(port) };
  for (const [name, amount] of [
    ['email-notification', 7],
    ['template-processing', 2],
  ] as const) {
    const queue = new Queue(name, { connection });
    await queue.addBulk(
      Array.from({ length: amount }, (_, n) => ({ name: 'legacy', data: { version: 0, to: `person-${n}` } })),
    );
    await queue.close();
  }
}

async function take(
  page: Page,
  name: string,
  screen: Screen,
  theme: 'light' | 'dark',
  size: (typeof SIZES)[number],
): Promise<void> {
  const shown = SHOWN.has(name) && size === SIZES[0];
  const folder = shown ? join(projectFolder, 'e2e/screenshots') : join(workFolder, 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  await visit(page, screen.path);
  // Charts and lists fill after the first paint.
  await delay(1_500);
  await screen.act?.(page);
  await delay(screen.act === undefined ? 500 : 1_500);
  const suffix = size === SIZES[0] ? '' : `-${size.width}`;
  await page.screenshot({ path: join(folder, `${name}-${theme}${suffix}.png`) });
  console.log(`${name} (${theme}, ${size.width} px)`);
}

/** Through another document, so that nothing of the last screen (an open panel, a dialog) is left. */
async function visit(page: Page, path: string): Promise<void> {
  const address = `${new URL(page.url()).origin}/#${path}`;
  await page.goto(address);
  await page.reload();
}

runMain(screenshots);
