import { expect, test } from '../fixtures/test';

test('a console that is opened while it closes starts anew when it has ended', async ({ page, host }) => {
  if (host.kind !== 'electron') throw new Error('This journey needs the desktop window.');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 60_000 });
  const ended = host.app.waitForEvent('close');
  await host.app.evaluate(({ app }) => {
    app.relaunch = (options) => process.stdout.write(`Relaunched with ${JSON.stringify(options)}\n`);
    // After the app's own listener: the shutdown has begun. Whoever waits may start it more than once.
    app.on('will-quit', () => {
      for (const argv of [['Leads.csv'], []]) app.emit('second-instance', {}, [], '/', { argv, cwd: '/' });
    });
    setTimeout(() => app.quit(), 0);
  });
  await ended;
  expect(host.output.text().match(/^Relaunched with .*$/gm)).toEqual([
    'Relaunched with {"args":["Leads.csv"]}',
  ]);
});
