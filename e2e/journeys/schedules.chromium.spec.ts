import { expect, test } from '../fixtures/test';
import { restClient } from '../api/rest-client';
import { createDatabase } from '../../src-main/database/database';
import { createPgPool } from '../../src-main/database/pool';
import { launchChromium } from '../fixtures/chromium';
import { screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';

const CONTACTS = 'name,phone\nSara,+966512345678\nOmar,+966512345679\n';

test('what is scheduled is written, runs, pauses, and asks where its time passed unseen', async () => {
  test.setTimeout(180_000);
  const databaseUrl = await testDatabaseUrl();
  const env = { REDIS_URL: await testRedisUrl(), DATABASE_URL: databaseUrl };
  const first = await launchChromium({ env });
  const { page } = first;
  await restClient(first.serve).upload('contacts.csv', CONTACTS);
  await screen(page, 'Contacts').click();
  await expect(page.getByText('2 contacts')).toBeVisible();
  await screen(page, 'Schedules').click();

  await test.step('every Monday, with a message and a job after it', async () => {
    await page.getByRole('button', { name: 'New schedule' }).last().click();
    await page.getByLabel('Name', { exact: true }).fill('Monday hello');
    await page.getByRole('button', { name: 'Weekly' }).click();
    await page.getByLabel('At', { exact: true }).fill('09:30');
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('Asia/Riyadh');
    await page.getByRole('option', { name: 'Asia/Riyadh' }).click();
    await expect(page.getByText('Every Monday at 09:30, Asia/Riyadh')).toBeVisible();
    await page.getByLabel('Name of the message').fill('Hello');
    await page.getByLabel('Text', { exact: true }).fill('Good week, {{name|friend}}!');
    await page.getByRole('button', { name: 'Add a step' }).click();
    const second = page.getByRole('region', { name: 'Step 2' });
    await second.getByRole('button', { name: 'Job' }).click();
    await second.getByLabel('Data (JSON)').fill('{ "templateId": 7 ');
    await expect(second.getByText('This is not JSON:')).toBeVisible();
    await second.getByLabel('Data (JSON)').fill('{ "templateId": 7 }');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(second.getByText(/templateId: .+ version: .+ contactIds: /)).toBeVisible();
    await page.getByRole('button', { name: 'Remove step 2' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('heading', { name: 'Monday hello', exact: true })).toBeVisible();
    await expect(page.getByText('It has not run yet.')).toBeVisible();
  });

  await test.step('it is run now and leads to its campaign', async () => {
    await page.getByRole('button', { name: 'Run now' }).click();
    await expect(page.getByRole('cell', { name: 'Succeeded', exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('run by hand')).toBeVisible();
    await page.getByRole('link', { name: 'Campaign', exact: true }).click();
    await expect(page.getByRole('heading', { name: /^Hello · \d{4}-/ })).toBeVisible();
    await page.goBack();
  });

  await test.step('it is paused and goes on, is removed and comes back', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText('While it is paused, nothing runs.')).toBeVisible();
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(page.getByText('While it is paused, nothing runs.')).toBeHidden();
    await page.getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByText('Nothing is scheduled')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('heading', { name: 'Monday hello', exact: true })).toBeVisible();
  });

  await test.step('another one, once', async () => {
    await page.getByRole('button', { name: 'New schedule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('New Year');
    await page.getByRole('button', { name: 'Once' }).click();
    await page.getByLabel('Date and time').fill('2020-01-01T00:00');
    await expect(page.getByText('This time is over.')).toBeVisible();
    await page.getByLabel('Date and time').fill('2099-12-31T23:59');
    await expect(page.getByText(/^Once, on Thursday 31 December 2099 at 23:59/)).toBeVisible();
    await page.getByLabel('Name of the message').fill('Happy New Year');
    await page.getByLabel('Text', { exact: true }).fill('Happy New Year!');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('heading', { name: 'New Year', exact: true })).toBeVisible();
  });
  await first.close();

  const pool = createPgPool(databaseUrl);
  await createDatabase(pool)
    .updateTable('job_schedules')
    .set({ next_run_at: new Date(Date.now() - 3_600_000) })
    .execute();
  await pool.end();

  const again = await launchChromium({ env });
  await test.step('after an hour without the console both ask; one is run, one is skipped', async () => {
    const overview = again.page.getByText(/^“Monday hello” was due .+, when nothing was running$/);
    await expect(overview).toBeVisible({ timeout: 30_000 });
    await again.page.getByRole('link', { name: 'Run or skip' }).first().click();
    const asks = (name: string) => again.page.getByRole('status').filter({ hasText: `“${name}” was due` });
    await asks('New Year').getByRole('button', { name: 'Skip' }).click();
    await expect(asks('New Year')).toBeHidden();
    await asks('Monday hello').getByRole('button', { name: 'Run now' }).click();
    await expect(asks('Monday hello')).toBeHidden();
    await again.page.getByRole('button', { name: /^Monday hello/ }).click();
    await expect(again.page.getByRole('cell', { name: 'Succeeded', exact: true })).toHaveCount(2, {
      timeout: 30_000,
    });
  });

  await test.step('what another version has written is told, never offered to run, and removed', async () => {
    const written = createPgPool(databaseUrl);
    await written.query(
      `INSERT INTO job_schedules (organization_id, user_id, name, job_type, job_name, job_data, schedule_type, schedule_config, is_active)
       SELECT organization_id, user_id, 'Fax on Fridays', job_type, job_name, '{"steps": [{"kind": "fax"}]}', schedule_type,
              schedule_config, FALSE FROM job_schedules WHERE name = 'Monday hello'`,
    );
    await written.query(
      `INSERT INTO schedule_runs (organization_id, schedule_id, due_at, cause, state, steps)
       SELECT organization_id, id, now() - interval '1 hour', 'schedule', 'overdue', '[{"step": {"kind": "fax"}}]'
         FROM job_schedules WHERE name = 'Monday hello'`,
    );
    await written.end();
    const told = (what: string) => again.page.getByRole('status').filter({ hasText: what });
    const run = told('“Monday hello” was due');
    await expect(run).toContainText('it can only be skipped');
    await expect(run.getByRole('button')).toHaveText(['Skip']);
    await run.getByRole('button', { name: 'Skip' }).click();
    await expect(run).toBeHidden();

    const schedule = told('“Fax on Fridays” cannot be read');
    await schedule.getByRole('button', { name: 'Remove “Fax on Fridays”' }).click();
    await expect(schedule).toBeHidden();
    await again.page.getByRole('button', { name: 'Undo' }).click();
    await expect(schedule).toBeVisible();
    await schedule.getByRole('button', { name: 'Remove “Fax on Fridays”' }).click();
    await expect(schedule).toBeHidden();
  });
  await again.close();
});
