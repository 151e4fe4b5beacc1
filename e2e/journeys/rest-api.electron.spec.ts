import { createServer } from 'node:net';
import { screen } from '../fixtures/console-page';
import { freePort } from '../fixtures/services';
import { expect, test } from '../fixtures/test';

test('the REST API is off until it is switched on, answers to its token alone, and is off again', async ({
  page,
}) => {
  const port = await freePort();
  const health = (token?: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/api/health`, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });
  await screen(page, 'Settings').click();
  const card = page.locator('form', { has: page.getByLabel('Serve the REST API') });
  const serves = card.getByRole('switch', { name: 'Serve the REST API' });
  const save = card.getByRole('button', { name: 'Save' });
  await expect(card.getByText('Not running.')).toBeVisible();
  await expect(health()).rejects.toThrow();

  let token = '';
  await test.step('a port that is taken is named', async () => {
    const taken = await freePort();
    const other = createServer().listen(taken, '127.0.0.1');
    await serves.click();
    await card.getByLabel('Port', { exact: true }).fill(String(taken));
    await card.getByRole('button', { name: 'Make a token' }).click();
    token = await card.getByLabel('Token', { exact: true }).inputValue();
    await save.click();
    await expect(card.getByText(new RegExp(`${taken}.*(use|taken)`))).toBeVisible();
    await new Promise((resolve) => other.close(resolve));
  });

  await test.step('on another one it listens, and answers to the token alone', async () => {
    await card.getByLabel('Port', { exact: true }).fill(String(port));
    await save.click();
    await expect(card.getByText(`Listens on http://127.0.0.1:${port}`)).toBeVisible();
    const answer = await health(token);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ healthy: true, profile: 'embedded' });
    expect((await health()).status).toBe(401);
    expect((await health('0123456789abcdef')).status).toBe(401);
  });

  await test.step('switched off it is gone', async () => {
    await serves.click();
    await save.click();
    await expect(card.getByText('Not running.')).toBeVisible();
    await expect(health(token)).rejects.toThrow();
  });
});
