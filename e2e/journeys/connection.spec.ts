import { importFile, screen } from '../fixtures/console-page';
import { type RedisServer, startRedis, testDatabaseUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const CONTACTS = 'name,phone\nSara,+966512345678\nOmar,+966512345679\n';

const test = base.extend<{ redis: RedisServer }>({
  redis: async ({}, use) => {
    const redis = await startRedis({ persistence: 'always' });
    await use(redis);
    await redis.dispose();
  },
  launch: async ({ redis }, use) => {
    await use({ env: { REDIS_URL: redis.url, DATABASE_URL: await testDatabaseUrl() } });
  },
});

test('the console says that Redis is gone, refuses clearly, and goes on by itself when it is back', async ({
  page,
  redis,
}, info) => {
  const pill = page.getByRole('banner').getByRole('status');
  const banner = page.getByText('The queue engine cannot be reached.');
  const pause = page.getByRole('button', { name: 'Pause Bulk messages' });
  const queue = page
    .getByRole('table', { name: 'Queues, live' })
    .getByRole('row', { name: 'Contact import' });

  await test.step('a job waits in a queue that is held', async () => {
    await expect(pill).toHaveText('Connected');
    await page.getByRole('button', { name: 'Pause Contact import' }).click();
    await importFile(page, info, 'contacts.csv', CONTACTS, 'Overview');
    await screen(page, 'Overview').click();
    await expect(page.getByText('Contact import is paused with 1 job waiting')).toBeVisible();
  });

  await test.step('Redis is killed, and every part of the window says so', async () => {
    await redis.kill();
    await expect(banner).toBeVisible();
    await expect(pill).toHaveText('Not connected');
    await expect(page.getByText('The queue engine is not reachable')).toBeVisible();
  });

  await test.step('a command meanwhile is refused, not lost in silence', async () => {
    await pause.click();
    const notices = page.getByRole('region', { name: 'Notifications' });
    await expect(notices).toContainText(
      /^The queue engine cannot be reached: Redis at .* Nothing was changed\./,
    );
    await expect(pause).toBeVisible();
  });

  await test.step('Redis is back, and so is everything, without a reload', async () => {
    await page.evaluate(() => Reflect.set(window, 'neverReloaded', true));
    await redis.start();
    await expect(pill).toHaveText('Connected', { timeout: 20_000 });
    await expect(banner).toBeHidden();
    await page.getByRole('button', { name: 'Resume Contact import' }).click();
    await expect(queue.getByRole('link', { name: '1', exact: true })).toHaveAttribute('href', /completed/, {
      timeout: 20_000,
    });
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
  });

  await test.step('a Redis that hangs is seen, too', async () => {
    redis.freeze();
    await expect(banner).toBeVisible({ timeout: 20_000 });
    redis.thaw();
    await expect(pill).toHaveText('Connected', { timeout: 20_000 });
    await expect(banner).toBeHidden();
  });
});
