import type { Page } from '@playwright/test';
import type { Screen } from './screenshots-sending';

/** What the sample campaigns say. */
export const MESSAGE = 'Hello {{name|there}}, your order {{order_id}} is ready!';

/** Nobody of the sample has a number of a member. */
const LACKING = 'Hello {{name|there}}, your number is {{member_no}}.';

/** The rows of a draft, as somebody has scrolled to them. */
export const showGrid = (page: Page): Promise<void> =>
  page.getByRole('grid', { name: 'Rows' }).evaluate((grid) => grid.scrollIntoView({ block: 'end' }));

/** Every screen as it is with the sample data: where it is, and what is done there before the picture. */
export const screensOf = (
  importPath: string,
  campaignId: string,
  file: string,
  leads: string,
): Readonly<Record<string, Screen>> => ({
  overview: { path: '/' },
  jobs: {
    path: '/jobs?queue=email-notification&state=failed',
    act: (page) => page.getByRole('row').nth(1).click(),
  },
  'jobs-search': { path: '/jobs?q=state%3Afailed%20data.to%3Aperson-*' },
  'jobs-filters': {
    path: '/jobs?q=state%3Afailed%20attempts%3A%3E%3D1',
    act: (page) => page.getByRole('button', { name: 'Filters' }).click(),
  },
  'jobs-life': {
    path: '/jobs?queue=bulk-messages&state=completed',
    act: async (page) => {
      await page.getByRole('row').nth(1).click();
      await page.getByRole('heading', { name: 'Life' }).scrollIntoViewIfNeeded();
    },
  },
  'jobs-payload': {
    path: '/jobs?queue=email-notification&state=failed',
    act: async (page) => {
      await page.getByRole('row').nth(1).click();
      await page.getByRole('tab', { name: 'Payload' }).click();
    },
  },
  'jobs-edit': {
    path: '/jobs?queue=email-notification&state=failed',
    act: async (page) => {
      await page.getByRole('row').nth(1).click();
      await page.getByRole('button', { name: 'Edit and retry' }).click();
      await page.getByRole('textbox', { name: 'Payload' }).fill('{ "version": 1, "to": "person-6" }');
    },
  },
  'jobs-add': {
    path: '/jobs',
    act: (page) => page.getByRole('button', { name: 'Add a job' }).click(),
  },
  'jobs-active': { path: '/jobs?queue=bulk-messages&state=active' },
  charts: { path: '/charts?queue=bulk-messages&range=15m' },
  'charts-compare': { path: '/charts?range=24h&compare=day' },
  'charts-name': { path: '/charts?queue=email-notification&name=legacy&range=5m' },
  failures: { path: '/failures' },
  'failures-cause': { path: '/failures', act: (page) => page.getByRole('row').nth(1).click() },
  'failures-retry': {
    path: '/failures',
    act: async (page) => {
      await page.getByRole('row').nth(1).click();
      await page.getByRole('button', { name: 'Retry…', exact: true }).click();
      await page.getByRole('checkbox', { name: 'Try a few first' }).click();
    },
  },
  'failures-change': {
    path: '/failures',
    act: async (page) => {
      await page.getByRole('row').nth(1).click();
      await page.getByRole('button', { name: 'Change and retry…' }).click();
      const example = page.getByRole('textbox', { name: 'The payload of one of the jobs' });
      await example.fill('{ "version": 1, "to": "person-6" }');
      await page.getByRole('heading', { name: 'What is done to each payload' }).waitFor();
    },
  },
  alerts: { path: '/alerts', act: (page) => page.getByRole('row').nth(1).click() },
  'alerts-rules': { path: '/alerts?tab=rules' },
  import: { path: '/import' },
  'import-draft': {
    path: '/import',
    act: (page) => page.locator('input[type=file]').setInputFiles(file),
  },
  'import-rows': {
    path: '/import',
    act: async (page) => {
      await page.locator('input[type=file]').setInputFiles(leads);
      await page.getByRole('button', { name: /^Will be rejected / }).click();
      await page
        .getByRole('button', { name: /, row \d+: / })
        .nth(1)
        .click();
      await showGrid(page);
    },
  },
  'import-pairs': {
    path: '/import',
    act: async (page) => {
      await page.locator('input[type=file]').setInputFiles(leads);
      await page.getByRole('checkbox', { name: 'Update contacts that exist already' }).check();
      await page.getByRole('button', { name: /^Twice in the file / }).click();
      await showGrid(page);
    },
  },
  'import-done': { path: importPath },
  contacts: { path: '/contacts', act: (page) => page.getByRole('row').nth(2).click() },
  compose: { path: '/compose', act: (page) => page.getByLabel('Text', { exact: true }).fill(MESSAGE) },
  'compose-email': {
    path: '/compose?channel=email',
    act: async (page) => {
      await page.getByLabel('Subject').fill('Your order {{order_id}}');
      await page.getByLabel('Text', { exact: true }).fill(MESSAGE);
    },
  },
  'compose-mend': {
    path: '/compose',
    act: async (page) => {
      await page.getByLabel('Text', { exact: true }).fill(LACKING);
      await page.getByRole('button', { name: 'Show and mend' }).click();
    },
  },
  'compose-contact': {
    path: '/compose',
    act: async (page) => {
      await page.getByLabel('Text', { exact: true }).fill(LACKING);
      await page.getByRole('button', { name: 'Show and mend' }).click();
      await page
        .getByRole('button', { name: /^Correct the contact of / })
        .first()
        .click();
    },
  },
  senders: { path: '/senders' },
  'campaign-proof': {
    path: `/campaigns?id=${campaignId}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Verify' }).click();
      await page
        .getByRole('region', { name: 'Proof' })
        .evaluate((proof) => proof.scrollIntoView({ block: 'center' }));
    },
  },
  campaigns: { path: '/campaigns' },
  campaign: { path: `/campaigns?id=${campaignId}` },
  templates: { path: '/templates' },
  emails: { path: '/emails' },
  activity: { path: '/activity' },
  'activity-statistics': { path: '/activity?tab=stats' },
  'activity-audit': { path: '/activity?tab=audit' },
  settings: { path: '/settings' },
  'settings-senders': {
    path: '/settings',
    act: (page) =>
      page
        .getByLabel(/^People within 24 hours|24 hours/)
        .first()
        .evaluate((field) => field.scrollIntoView({ block: 'center' })),
  },
  'settings-end': {
    path: '/settings',
    act: (page) => page.getByLabel('Default country').first().scrollIntoViewIfNeeded(),
  },
  palette: { path: '/', act: (page) => page.keyboard.press('Control+k') },
});
