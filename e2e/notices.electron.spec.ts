import { expect, test } from '@playwright/test';
import { launchElectron } from './fixtures/electron';

// Only the system's own notification is taken apart: a test machine has nobody who shows it. What is said when is
// src-main/notices/announcer.int.test.ts.
test('a failure is announced while the window is not in front, and a click shows the failures', async () => {
  const launched = await launchElectron();
  const { app, page } = launched;
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await app.evaluate(({ BrowserWindow, Notification }) => {
    Notification.isSupported = () => true;
    Notification.prototype.show = function (this: Electron.Notification) {
      Object.assign(globalThis, { shown: this });
    };
    BrowserWindow.getAllWindows()[0]?.blur();
  });

  await page.evaluate(`window.adsapp.call('queues.add', {
    queue: 'template-processing',
    name: 'process-template',
    data: { templateId: '00000000-0000-4000-8000-000000000000', version: 1, contactIds: [] },
  }).answer`);
  const title = () =>
    app.evaluate(() => (globalThis as { shown?: Electron.Notification }).shown?.title ?? null);
  await expect.poll(title, { timeout: 30_000 }).toBe('A job of template-processing has failed');

  await app.evaluate(() => {
    (globalThis as { shown?: Electron.Notification }).shown?.emit('click');
  });
  await expect(page.getByRole('heading', { level: 1, name: 'Failures' })).toBeVisible();
  expect(page.url()).toContain('queue=template-processing');
  await launched.close();
});
