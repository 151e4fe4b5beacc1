import { expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { launchElectron } from './fixtures/electron';

// Only the system's own notification is taken apart: a test machine has nobody who shows it. What is said when is
// src-main/alerts/alerts.int.test.ts.
test('a failure is announced while the window is not in front, counted on the icon, and a click shows it', async () => {
  const launched = await launchElectron();
  const { app, page } = launched;
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await app.evaluate(({ app: electronApp, BrowserWindow, Notification, Tray }) => {
    electronApp.setBadgeCount = (count) => {
      Object.assign(globalThis, { badge: count });
      return true;
    };
    Tray.prototype.setToolTip = (text: string) => {
      Object.assign(globalThis, { tray: text });
    };
    // The menu itself: a desktop opens it on a click that no test can make.
    Tray.prototype.setContextMenu = (menu: Electron.Menu | null) => {
      Object.assign(globalThis, { trayMenu: menu });
    };
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
  await expect(page.getByRole('heading', { level: 1, name: 'Alerts' })).toBeVisible();
  const panel = page.getByRole('complementary');
  await expect(panel).toContainText('Template processing: 1 job has failed');
  const outside = () =>
    app.evaluate(() => {
      const { badge, tray } = globalThis as { badge?: number; tray?: string };
      return { badge, tray };
    });
  await expect.poll(async () => (await outside()).badge).toBe(1);
  // Where the desktop has a tray, its icon says the same.
  const { tray } = await outside();
  if (tray !== undefined) {
    expect(tray).toContain('1 open alert');
    await usesTrayMenu(app, page);
  }

  await panel.getByRole('link', { name: 'Open the failures' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Failures' })).toBeVisible();
  expect(page.url()).toContain('queue=template-processing');
  await expect.poll(async () => (await outside()).badge, { timeout: 30_000 }).toBe(0);
  await launched.close();
});

/** What the icon in the tray offers, each entry clicked as the desktop would. */
async function usesTrayMenu(app: ElectronApplication, page: Page): Promise<void> {
  const labels = () =>
    app.evaluate(() => {
      const { trayMenu } = globalThis as { trayMenu?: Electron.Menu };
      return trayMenu?.items.map(({ label, type }) => (type === 'separator' ? type : label)) ?? [];
    });
  const click = (label: string) =>
    app.evaluate((_, wanted) => {
      const { trayMenu } = globalThis as { trayMenu?: Electron.Menu };
      trayMenu?.items.find((item) => item.label === wanted)?.click();
    }, label);
  const incident = 'A job of template-processing has failed';
  expect(await labels()).toEqual([
    '1 open alert',
    incident,
    'separator',
    'Open Console',
    'Pause Notifications for 1 Hour',
    'separator',
    'Quit',
  ]);

  await click('Pause Notifications for 1 Hour');
  await expect.poll(labels).toContain('Resume Notifications');
  expect((await labels())[0]).toMatch(/^1 open alert, told again at /);
  await click('Resume Notifications');
  await expect.poll(labels).toContain('Pause Notifications for 1 Hour');

  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await click(incident);
  await expect(page.getByRole('complementary')).toContainText('Template processing: 1 job has failed');
}
