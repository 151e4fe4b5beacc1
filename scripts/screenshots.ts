import { readFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { restClient, type RestClient } from '../e2e/api/rest-client';
import { launchChromium } from '../e2e/fixtures/chromium';
import { writeSampleSpreadsheet } from '../src-main/samples/samples';
import { buildIfStale } from './build';
import { runMain } from './foreground';
import { projectFolder, workFolder } from './project';

/** Screens of the console by the name of their picture. */
const SCREENS: Readonly<Record<string, string>> = {
  overview: '/',
  jobs: '/jobs',
  failures: '/failures',
  import: '/import',
  contacts: '/contacts',
  compose: '/compose',
  campaigns: '/campaigns',
  templates: '/templates',
  activity: '/activity',
  settings: '/settings',
};

/** Pictures that the README shows; the rest is for looking at and stays in the cache. */
const SHOWN = new Set(['overview', 'compose', 'import-done', 'campaign', 'jobs']);

/** `npm run screenshots`: every screen in both themes, with the sample data imported and a campaign under way. */
async function screenshots(): Promise<number> {
  await buildIfStale();
  const { serve, page, close } = await launchChromium();
  try {
    const paths = await fill(restClient(serve));
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      for (const [name, path] of Object.entries({ ...SCREENS, ...paths }))
        await picture(page, name, path, theme);
    }
  } finally {
    await close();
  }
  return 0;
}

/** Data as a user would have it after ten minutes; answers the addresses of what was made. */
async function fill(rest: RestClient): Promise<Record<string, string>> {
  const file = join(mkdtempSync(join(tmpdir(), 'adsapp-screenshots-')), 'Sample contacts.xlsx');
  await writeSampleSpreadsheet(file);
  const options = JSON.stringify({ defaultCountry: 'SA' });
  const started = await rest.upload('Sample contacts.xlsx', new Uint8Array(readFileSync(file)), { options });
  const importId = String(started.body['importId']);
  await delay(8_000);
  const contacts = await rest.ask('/api/contacts?limit=300');
  const contactIds = (contacts.body['contacts'] as { id: string }[]).map(({ id }) => id);
  const launched = await rest.post('/api/jobs/bulk-message', {
    name: 'Orders ready for pick-up',
    contactIds,
    messageContent: 'Hello {{name|there}}, your order {{order_id|of this week}} is ready!',
    missing: 'skip',
  });
  const campaignId = String(launched.body['campaignId']);
  await delay(10_000);
  return { 'import-done': `/import?id=${importId}`, campaign: `/campaigns?id=${campaignId}` };
}

async function picture(page: Page, name: string, path: string, theme: string): Promise<void> {
  const folder = SHOWN.has(name) ? join(projectFolder, 'e2e/screenshots') : join(workFolder, 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.goto(`${new URL(page.url()).origin}/#${path}`);
  // Charts and lists fill after the first paint.
  await delay(2_500);
  await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  console.log(`${name} (${theme})`);
}

runMain(screenshots);
