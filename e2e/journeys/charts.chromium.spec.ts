import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { importFile, runCommand, screen } from '../fixtures/console-page';
import { saveOffered } from '../fixtures/download';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const test = base.extend<{ databaseUrl: string }>({
  databaseUrl: ({}, use) => testDatabaseUrl().then(use),
  launch: async ({ databaseUrl }, use) => {
    await use({ env: { REDIS_URL: await testRedisUrl(), DATABASE_URL: databaseUrl } });
  },
});

test('an operator looks at what a queue did, by the names of its jobs and beside yesterday', async ({
  host,
  page,
  databaseUrl,
}, info) => {
  test.setTimeout(180_000);
  await writeHistory(databaseUrl);
  const throughput = page.getByRole('figure', { name: 'Throughput' });

  await test.step('from the row of a queue on the Overview', async () => {
    await page.getByRole('link', { name: 'Charts of Contact import' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Charts' })).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Queue' })).toContainText('Contact import');
    for (const name of [
      'Throughput',
      'Failures',
      'Wait time',
      'Run time',
      'Backlog',
      'Oldest waiting',
      'Empty in',
    ])
      await expect(page.getByRole('img', { name, exact: true })).toBeVisible();
  });

  await test.step('six hours of it, and what a step was as text', async () => {
    await page.getByRole('button', { name: '6 h', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: 'in steps of 1m' })).toBeVisible();
    await throughput.getByRole('button', { name: 'Show as table' }).click();
    // 120 jobs a minute.
    await expect(throughput.getByRole('cell', { name: '2/s', exact: true }).first()).toBeVisible();
    // Between three and four hours ago nobody watched.
    await expect(throughput.getByRole('cell', { name: 'no reading' }).first()).toBeVisible();
  });

  await test.step('of the jobs of one name', async () => {
    await page.getByRole('combobox', { name: 'Job name' }).click();
    const listed = page.getByRole('option', { name: /^import-contacts/ });
    await expect(listed).toContainText('completed, ');
    await listed.click();
    await expect(throughput.getByRole('cell', { name: '1.5/s', exact: true }).first()).toBeVisible();
    await expect(page.getByText(/gone before their names could be read/)).toBeVisible();
  });

  await test.step('what waited under that name, and why that is not known at times', async () => {
    const backlog = page.getByRole('figure', { name: 'Backlog' });
    await expect(
      page.getByText('Jobs of this name that wait for a worker, read once a minute'),
    ).toBeVisible();
    await backlog.getByRole('button', { name: 'Show as table' }).click();
    await expect(backlog.getByRole('cell', { name: '12', exact: true }).first()).toBeVisible();
    await expect(backlog.getByRole('cell', { name: '30', exact: true })).toHaveCount(0);
    await expect(backlog.getByRole('columnheader', { name: 'Delayed' })).toHaveCount(0);
    await expect(page.getByText(/have a gap in \d+ steps: more than 5,000 jobs waited/)).toBeVisible();
    await backlog.getByRole('button', { name: 'Show as chart' }).click();
  });

  await test.step('beside the day before', async () => {
    await page.getByRole('combobox', { name: 'Compare with' }).click();
    await page.getByRole('option', { name: 'The day before' }).click();
    await expect(throughput.getByRole('columnheader', { name: 'Completed, the day before' })).toBeVisible();
    await expect(throughput.getByRole('cell', { name: '0.5/s', exact: true }).first()).toBeVisible();
    await throughput.getByRole('button', { name: 'Show as chart' }).click();
    await expect(throughput.getByRole('button', { name: /^Completed, the day before/ })).toBeVisible();
  });

  await test.step('zoomed into by dragging, by keys, and back', async () => {
    const box = await throughput.locator('[data-chart] svg').boundingBox();
    if (box === null) throw new Error('The chart is not in sight.');
    const at = { y: box.y + box.height / 2, from: box.x + box.width * 0.5, to: box.x + box.width * 0.75 };
    await page.mouse.move(at.from, at.y);
    await expect(
      page
        .getByText('no reading')
        .or(page.getByText(/^\d[\d.]*\/s$/))
        .first(),
    ).toBeVisible();
    await page.mouse.down();
    await page.mouse.move(at.to, at.y, { steps: 4 });
    await page.mouse.up();
    await expect(page).toHaveURL(/from=\d+&to=\d+/);
    const dragged = spanOf(page);
    expect(dragged.to - dragged.from).toBeGreaterThan(HOUR);
    expect(dragged.to - dragged.from).toBeLessThan(2 * HOUR);
    await page.keyboard.press('=');
    await expect.poll(() => length(page)).toBeCloseTo((dragged.to - dragged.from) / 2, -4);
    await page.keyboard.press('[');
    await expect.poll(() => spanOf(page).to).toBeLessThan(dragged.to - HOUR / 4);
    // Back in the history of the window, as from any other place.
    await page.goBack();
    await page.goBack();
    await expect.poll(() => spanOf(page)).toEqual(dragged);
    await page.getByRole('button', { name: 'Back to the last 6 h' }).click();
    await expect(page).not.toHaveURL(/from=/);
  });

  await test.step('as a file with every figure', async () => {
    const path = await saveOffered(host, () => page.getByRole('button', { name: 'Export CSV' }).click());
    const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\r\n');
    const columns = head.replace('\ufeff', '').split(',');
    expect(columns).toContain('completed_per_second');
    expect(columns).toContain('compared_completed_per_second');
    const rows = lines.map((line) =>
      Object.fromEntries<string | undefined>(
        line.split(',').map((value, n) => [columns[n] ?? '', value] as const),
      ),
    );
    expect(rows).toHaveLength(360);
    const full = rows.find((row) => row['completed'] === '90');
    expect(full).toMatchObject({
      queue: 'contact-import',
      job_name: 'import-contacts',
      step_seconds: '60',
      completed_per_second: '1.5',
      backlog: '12',
      delayed: '',
      oldest_waiting_seconds: '20',
      // 90 completed and one failed in that minute.
      eta_seconds: '7.912',
      compared_completed_per_second: '0.5',
    });
    // A gap is empty, and no zero.
    expect(rows.some((row) => row['completed'] === '' && row['watched_seconds'] === '0')).toBe(true);
  });

  await test.step('as a picture with title and legend', async () => {
    const path = await saveOffered(host, () =>
      page.getByRole('button', { name: 'Save Throughput as a picture' }).click(),
    );
    const png = readFileSync(path);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const box = await throughput.locator('[data-chart] svg').boundingBox();
    expect(png.readUInt32BE(16)).toBe(Math.round((box?.width ?? 0) + 40) * 2);
    expect(await colorsOf(page, png)).toBeGreaterThan(8);
  });

  await test.step('and what happens now arrives by itself', async () => {
    await importFile(page, info, 'now.csv', 'Name,Phone\nAnna,+12015550123\nBen,+12015550124\n');
    await runCommand(page, 'Show the charts of Contact import');
    await page.getByRole('button', { name: '5 min', exact: true }).click();
    await page.getByRole('combobox', { name: 'Job name' }).click();
    const listed = page.getByRole('option', { name: /^import-contacts/ });
    // The minutes of the history have tens of them.
    await expect(listed).toContainText(/1 completed, /, { timeout: 60_000 });
    await listed.click();
    await throughput.getByRole('button', { name: 'Show as table' }).click();
    // One job in the minute that runs: of those before this console began, minutes is what is kept.
    await expect(page.getByRole('status').filter({ hasText: 'in steps of 1m' })).toBeVisible();
    await expect(throughput.getByRole('cell', { name: /^(?:0\.\d+\/s|[\d.]+\/min)$/ }).first()).toBeVisible();
  });

  await test.step('from the keyboard alone', async () => {
    await screen(page, 'Overview').click();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await expect(page.getByRole('heading', { level: 1, name: 'Charts' })).toBeVisible();
  });
});

const spanOf = (page: Page): { from: number; to: number } => {
  const search = new URLSearchParams(new URL(page.url()).hash.split('?')[1]);
  return { from: Number(search.get('from')), to: Number(search.get('to')) };
};

const length = (page: Page): number => spanOf(page).to - spanOf(page).from;

/** How many colours there are in a picture: one that failed is of one. */
const colorsOf = (page: Page, png: Buffer): Promise<number> =>
  page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const pixels = new Uint32Array(
      context?.getImageData(0, 0, canvas.width, canvas.height).data.buffer ?? new ArrayBuffer(0),
    );
    return new Set(pixels).size;
  }, png.toString('base64'));

/**
 * Two days of a queue as a console that ran then would have kept them, but for an hour in which none did; and for
 * some minutes too many waited to know their names.
 */
async function writeHistory(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO queue_metrics (organization_id, queue_name, job_name, minute, completed, failed, wait_histogram,
                                  run_histogram, backlog, active, delayed, oldest_ms)
       SELECT (SELECT id FROM organizations LIMIT 1), 'contact-import', name, at,
              share * CASE WHEN at > now() - interval '12 hours' THEN 30 ELSE 10 END,
              1, ARRAY[0, 0, 0, 5, 9, 2], ARRAY[0, 0, 0, 0, 0, 0, 7, 12, 1],
              backlog, active, delayed, oldest_ms
         FROM (VALUES ('', 4, 30, 2, 4, 45000), ('import-contacts', 3, 12, NULL, NULL, 20000))
              AS names (name, share, backlog, active, delayed, oldest_ms)
        CROSS JOIN generate_series(date_trunc('minute', now()) - interval '2 days',
                                   date_trunc('minute', now()) - interval '2 minutes', interval '1 minute') AS at
        WHERE at NOT BETWEEN now() - interval '4 hours' AND now() - interval '3 hours'`,
    );
    await client.query(
      `UPDATE queue_metrics SET backlog = CASE WHEN job_name = '' THEN 6000 END,
                                oldest_ms = CASE WHEN job_name = '' THEN oldest_ms END
        WHERE minute BETWEEN now() - interval '120 minutes' AND now() - interval '100 minutes'`,
    );
  } finally {
    await client.end();
  }
}
