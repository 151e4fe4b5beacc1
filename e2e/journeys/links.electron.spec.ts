import { randomUUID } from 'node:crypto';
import type { ElectronApplication } from '@playwright/test';
import { linkTo } from '../../src-shared/domain/console-link';
import { CampaignId, JobId } from '../../src-shared/domain/ids';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const job = linkTo({ kind: 'job', queue: 'contact-import', id: JobId.parse('42') });
const campaign = linkTo({ kind: 'campaign', id: CampaignId.parse(randomUUID()) });

test.use({ launch: { args: [job] } });

test('links open what they name, at the start and later, and the native menu is what the window offers', async ({
  page,
  host,
}) => {
  if (host.kind !== 'electron') throw new Error('This journey needs the desktop window.');
  const { app } = host;
  const panel = page.getByRole('complementary');

  await test.step('a cold start with a link shows the job, and says that it is gone', async () => {
    await expect(panel.getByText('This job is no longer in the queue')).toBeVisible({ timeout: 60_000 });
    await expect(panel).toContainText('42');
    await expect(page).toHaveURL(/#\/jobs\?queue=contact-import&job=%2242%22/);
  });

  await test.step('a second instance hands its link over', async () => {
    await app.evaluate(
      ({ app: electron }, link) =>
        electron.emit('second-instance', {}, [], '/', { argv: ['--flag', link], cwd: '/' }),
      campaign,
    );
    await expect(page).toHaveURL(/#\/campaigns\?id=/);
    await expect(page.getByRole('heading', { level: 1, name: 'Campaigns' })).toBeVisible();
    await expect(page.getByText(/^There is no campaign with the id/)).toBeVisible();
  });

  await test.step('a link that somebody wrote by hand is read', async () => {
    await app.evaluate(({ app: electron }) =>
      electron.emit('second-instance', {}, [], '/', { argv: ['adsapp://job/contact-import/43'], cwd: '/' }),
    );
    await expect(page).toHaveURL(/#\/jobs\?queue=contact-import&job=%2243%22/);
  });

  await test.step('the system asks for a link of its own scheme', async () => {
    await app.evaluate(({ app: electron }) =>
      electron.emit('open-url', { preventDefault: () => undefined }, 'adsapp://open/templates'),
    );
    await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
  });

  await test.step('a link that lost a part on its way is shown as one', async () => {
    await app.evaluate(({ app: electron }) =>
      electron.emit('open-url', { preventDefault: () => undefined }, 'adsapp://campaign?id=0199'),
    );
    const told = page.getByText('This link cannot be opened: adsapp://campaign?id=0199');
    await expect(told).toBeVisible();
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
    await expect(told).toBeHidden();
    await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
  });

  await test.step('the menu has the commands of the window, and runs them', async () => {
    await expect
      .poll(() => item(app, 'go.contacts'))
      .toMatchObject({ label: 'Go to Contacts', enabled: true });
    await choose(app, 'go.contacts');
    await expect(page.getByRole('heading', { level: 1, name: 'Contacts' })).toBeVisible();
    await expect.poll(() => item(app, 'jobs.find')).toBeNull();
    expect(await item(app, 'shell.palette')).toMatchObject({ accelerator: 'CmdOrCtrl+K' });
  });

  await test.step('all queues are paused and resumed from it', async () => {
    await screen(page, 'Overview').click();
    await expect.poll(() => item(app, 'queue.resume-all')).toMatchObject({ enabled: false });
    await choose(app, 'queue.pause-all');
    await expect(page.getByText('4 queues are paused')).toBeVisible();
    await expect.poll(() => item(app, 'queue.resume-all')).toMatchObject({ enabled: true });
    await choose(app, 'queue.resume-all');
    await expect(page.getByText('4 queues run again')).toBeVisible();
  });

  await test.step('what it offers follows the screen and the row', async () => {
    await screen(page, 'Overview').click();
    await expect
      .poll(() => item(app, 'queues.row.pause'))
      .toMatchObject({ label: 'Pause the queue', enabled: false });
    await page
      .getByRole('table', { name: 'Queues, live' })
      .getByRole('link', { name: 'Bulk messages', exact: true })
      .focus();
    await expect.poll(() => item(app, 'queues.row.pause')).toMatchObject({ enabled: true });
    await choose(app, 'queues.row.pause');
    await expect(page.getByRole('button', { name: 'Resume Bulk messages' })).toBeVisible();
    await expect.poll(() => item(app, 'queues.row.pause')).toMatchObject({ enabled: false });
    await expect.poll(() => item(app, 'queues.row.resume')).toMatchObject({ enabled: true });
  });
});

/** An item of the native menu as it stands now; null where there is none. */
const item = (app: ElectronApplication, id: string) =>
  app.evaluate(({ Menu }, wanted) => {
    const found = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    return found
      ? { label: found.label, enabled: found.enabled, accelerator: found.accelerator ?? null }
      : null;
  }, id);

/** Chooses an item of the native menu, as a click does. */
const choose = (app: ElectronApplication, id: string): Promise<void> =>
  app.evaluate(({ Menu }, wanted) => {
    Menu.getApplicationMenu()?.getMenuItemById(wanted)?.click();
  }, id);
