import type { Page } from '@playwright/test';
import { z } from 'zod';
import { expect, test } from '../fixtures/test';

test('a console that is left and loaded anew before it has opened is let in again', async ({ page }) => {
  // The address without the token: it is kept as soon as the page is there.
  await page.goto(`${new URL(page.url()).origin}/#/schedules`);
  await page.reload();
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('button', { name: 'Load sample data' })).toBeVisible();
});

test('who goes on before a job has been found stays where they went', async ({ page }) => {
  const answers = await heldAnswers(page, 'queues.job');
  const origin = new URL(page.url()).origin;
  // The address alone would not load the page anew, and the socket is followed from its beginning.
  await page.reload();
  await page.goto(`${origin}/#/jobs?queue=contact-import&job=%22gone%22`);
  await answers.asked;

  // The screen that was left stays until the next one is there: so long that the answer comes before.
  let load = (): void => undefined;
  const loaded = new Promise<void>((resolve) => {
    load = resolve;
  });
  await page.route('**/assets/*.js', async (route) => {
    await loaded;
    await route.continue();
  });
  await page.getByRole('link', { name: 'Templates' }).click();
  await expect(page).toHaveURL(/#\/templates/);
  answers.release();
  // On a slow machine a placeholder of the next screen covers it by then.
  await expect(page.getByText('This job is no longer in the queue')).toBeAttached();
  load();
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
  await expect(page).toHaveURL(/#\/templates/);
});

/** Keeps what the console answers to one call until it is released; `asked` once the call has been made. */
async function heldAnswers(page: Page, path: string): Promise<{ asked: Promise<void>; release: () => void }> {
  const ids = new Set<number>();
  const held: (() => void)[] = [];
  let isHeld = true;
  let tell = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  await page.routeWebSocket(/.*/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const frame = Frame.parse(JSON.parse(String(message)));
      if (frame.path === path && frame.id !== undefined) {
        ids.add(frame.id);
        tell();
      }
      server.send(message);
    });
    server.onMessage((message) => {
      const { id } = Frame.parse(JSON.parse(String(message)));
      if (isHeld && id !== undefined && ids.has(id)) held.push(() => socket.send(message));
      else socket.send(message);
    });
  });
  return {
    asked,
    release: () => {
      isHeld = false;
      for (const send of held.splice(0)) send();
    },
  };
}

const Frame = z.object({ id: z.number().optional(), path: z.string().optional() });
