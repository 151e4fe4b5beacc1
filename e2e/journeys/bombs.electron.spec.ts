import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropPath, screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';
import { odsBomb, zipBomb } from '../fixtures/ten-inputs';

const folder = mkdtempSync(join(tmpdir(), 'adsapp-bombs-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Far over what an answer takes, far under a minute of a window that hangs. */
const STILL_ANSWERS_MS = 3_000;

const BOMBS = [
  ['bomb.xlsx', () => zipBomb(96), 'would unpack to 96 MB'],
  // Only reading it tells: it says that it is small.
  ['lying.xlsx', () => zipBomb(96, 10_000), 'let Excel repair it'],
  ['bomb.ods', odsBomb, 'far more than a contact list holds'],
] as const;

test('a bomb is refused by name, and the window answers meanwhile', async ({ host }) => {
  const { page } = host;
  for (const [name, content, words] of BOMBS) {
    const path = join(folder, name);
    writeFileSync(path, content());
    await screen(page, 'Import').click();
    await dropPath(page, path);
    // The renderer and main both have to answer for these.
    for (const [link, heading] of [
      ['Jobs', 'Jobs'],
      ['Contacts', 'Contacts'],
      ['Import', 'Import contacts'],
    ] as const) {
      await screen(page, link).click({ timeout: STILL_ANSWERS_MS });
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible({
        timeout: STILL_ANSWERS_MS,
      });
    }
    await dropPath(page, path);
    const refused = page.getByRole('alert').filter({ hasText: `${name} was not opened.` });
    await expect(refused).toContainText(words);
    await expect(page.getByText('Nothing has been imported yet.')).toBeVisible();
  }
});
