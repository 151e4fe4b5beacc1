import { restClient } from '../api/rest-client';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

/** More than one page of the list has. */
const IMPORTS = 52;

test('every import is in the history, also those that are further back', async ({ page, host }) => {
  if (host.kind !== 'chromium') throw new Error('This journey imports over REST.');
  const rest = restClient(host.serve);
  for (let n = 1; n <= IMPORTS; n += 1) {
    const contacts = [
      { phone: `+96651234${String(5_000 + n)}`, name: `Person ${n}` },
      ...Array.from({ length: n % 2 }, () => ({ phone: 'none' })),
    ];
    expect((await rest.post('/api/jobs/import-contacts', { contacts })).status).toBe(202);
  }
  await screen(page, 'Import').click();
  const rows = page.getByRole('main').getByRole('button', { name: /^API, [12] contacts?$/ });
  await expect(rows).toHaveCount(50);
  await page.getByRole('button', { name: 'Show earlier ones' }).click();
  await expect(rows).toHaveCount(IMPORTS);
  await expect(page.getByRole('button', { name: 'Show earlier ones' })).toBeHidden();
});
