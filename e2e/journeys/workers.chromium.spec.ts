import { restClient } from '../api/rest-client';
import { axe, violations } from '../fixtures/axe';
import { launchChromium } from '../fixtures/chromium';
import { screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test } from '../fixtures/test';
import { launchWorker } from '../fixtures/worker';

const CONTACTS = 'name,phone,order_id\nSara,+966512345678,ORD-1\nOmar,+966512345679,ORD-2\n';

test('a worker process elsewhere takes the jobs of a console without workers, and is seen to come and go', async () => {
  const env = { REDIS_URL: await testRedisUrl(), DATABASE_URL: await testDatabaseUrl() };
  const { serve, page, close } = await launchChromium({ env });
  const rest = restClient(serve);
  const hosts = page.getByRole('table', { name: 'Worker processes' });

  await test.step('the console stops working on imports', async () => {
    await screen(page, 'Settings').click();
    await page.getByRole('switch', { name: 'Work on Contact import' }).click();
    await expect(page.getByRole('switch', { name: 'Work on Contact import' })).not.toBeChecked();
    await rest.upload('contacts.csv', CONTACTS);
    await screen(page, 'Overview').click();
    await expect(page.getByText('Contact import has 1 job waiting and no worker')).toBeVisible();
  });

  const worker = await launchWorker({ env });
  await test.step('the worker process appears and takes what waits', async () => {
    await expect(hosts.getByText('Worker process')).toBeVisible({ timeout: 20_000 });
    await page.goto(`${serve.url}/#/jobs?queue=contact-import&state=completed`);
    await page.getByRole('row').filter({ hasText: 'import-' }).click();
    await expect(page.getByRole('complementary')).toContainText(`:${worker.pid}`);
  });

  await test.step('after kill -9 it is gone from the list', async () => {
    await worker.kill();
    await screen(page, 'Overview').click();
    await expect(hosts.getByText('This console')).toBeVisible();
    await expect(hosts.getByText('Worker process')).toBeHidden({ timeout: 40_000 });
  });
  await close();
});

test('what each worker process works on is seen on the Overview, and leads to the job', async () => {
  const { serve, page, close } = await launchChromium({});
  const rest = restClient(serve);
  const rows = Array.from({ length: 500 }, (_, n) => `Person ${n},+9665123${String(n).padStart(5, '0')}`);
  await rest.upload('many.csv', ['name,phone', ...rows].join('\n'));
  await expect
    .poll(async () => (await rest.ask('/api/contacts?limit=1')).body['total'], { timeout: 30_000 })
    .toBe(500);
  const contacts = await rest.ask('/api/contacts?limit=500');
  const launched = await rest.post('/api/jobs/bulk-message', {
    contactIds: (contacts.body['contacts'] as { id: string }[]).map(({ id }) => id),
    messageContent: 'Hello {{name}}!',
  });
  expect(launched.status).toBeLessThan(300);
  const jobs = page.getByRole('list', { name: /works on$/ });
  await expect(jobs.getByRole('link', { name: 'send-bulk-message' })).toBeVisible({ timeout: 30_000 });
  await expect(jobs).toContainText(/begun .* ago|begun now/);
  await expect(jobs.getByRole('progressbar', { name: 'How far send-bulk-message is' })).toBeVisible();
  await expect(jobs.getByRole('listitem').first()).toContainText(/\d+%/);
  await page.evaluate(axe);
  expect(await violations(page, false, [])).toEqual([]);
  await jobs.getByRole('link', { name: 'send-bulk-message' }).click();
  await expect(page.getByRole('complementary')).toContainText('send-bulk-message');
  await close();
});
