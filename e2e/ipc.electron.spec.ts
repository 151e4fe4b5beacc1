import { expect, test as base } from '@playwright/test';
import { type LaunchedElectron, launchElectron } from './fixtures/electron';

// The real contract over the real IPC of a real window. What every wire must do is in
// fixtures/rpc-conformance.ts; here is what only Electron can get wrong.

const test = base.extend<object, { launched: LaunchedElectron }>({
  launched: [
    async ({ browserName: _ }, use) => {
      const launched = await launchElectron();
      await use(launched);
      await launched.close();
    },
    { scope: 'worker' },
  ],
});

const pageScript = async <T>({ page }: LaunchedElectron, script: string): Promise<T> =>
  page.evaluate<T>(`(async () => { ${script} })()`);

test('a call that fails is answered with its code, not thrown', async ({ launched }) => {
  const answers = await pageScript<unknown[]>(
    launched,
    `return Promise.all([
       window.adsapp.call('templates.get', { templateId: '00000000-0000-4000-8000-000000000000' }).answer,
       window.adsapp.call('templates.get', { templateId: 7 }).answer,
       window.adsapp.call('templates.nothing', {}).answer,
     ]);`,
  );
  expect(answers).toMatchObject([
    { ok: false, error: { code: 'not_found' } },
    { ok: false, error: { code: 'invalid_input', issues: [{ path: 'templateId' }] } },
    { ok: false, error: { code: 'unknown_procedure' } },
  ]);
});

test('a hundred calls at once each get their own answer', async ({ launched }) => {
  const bodies = await pageScript<string[]>(
    launched,
    `const ask = (n) => window.adsapp.call('templates.tryOut', { body: 'number ' + n, values: {} }).answer;
     const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => ask(n)));
     return answers.map((answer) => answer.value.rendered);`,
  );
  expect(bodies).toEqual(Array.from({ length: 100 }, (_, n) => `number ${n}`));
});

test('five megabytes reach main in one message', async ({ launched }) => {
  const answer = await pageScript<object>(
    launched,
    `return window.adsapp.call('templates.tryOut', { body: 'x'.repeat(5_000_000), values: {} }).answer;`,
  );
  // It arrived whole: what main says is that the template is too long, not that the message was.
  expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_input', issues: [{ path: 'body' }] } });
});

test('a stream gives its first value at once and none after it was closed', async ({ launched }) => {
  const seen = await pageScript<{ first: { host: string }; late: number }>(
    launched,
    `let late = 0;
     let closed = false;
     const first = await new Promise((resolve) => {
       const id = window.adsapp.open('app.statusChanges', {}, {
         next: (value) => { if (closed) late += 1; closed = true; window.adsapp.cancel(id); resolve(value); },
         end: () => { late += 1; },
       });
     });
     await new Promise((resolve) => setTimeout(resolve, 500));
     return { first, late };`,
  );
  expect(seen).toMatchObject({ first: { host: 'desktop' }, late: 0 });
});

test('a stream with a wrong input ends with the reason', async ({ launched }) => {
  const end = await pageScript<object>(
    launched,
    `return new Promise((resolve) => window.adsapp.open('queues.jobChanges', { queue: 'none' }, { next: () => {}, end: resolve }));`,
  );
  expect(end).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
});

test('a page that is reloaded speaks on with ids that begin anew', async ({ launched }) => {
  const open = `window.adsapp.open('queues.live', {}, { next: () => {}, end: () => {} });`;
  await pageScript(launched, `${open}; ${open}; return window.adsapp.call('app.status', {}).answer;`);
  await launched.page.reload();
  const answer = await pageScript<object>(launched, `return window.adsapp.call('app.status', {}).answer;`);
  expect(answer).toMatchObject({ ok: true, value: { host: 'desktop' } });
});

test('text can be copied', async ({ launched }) => {
  await launched.page.bringToFront();
  await launched.page.mouse.click(5, 5);
  await launched.page.evaluate(() => navigator.clipboard.writeText('job 42'));
  // The display's clipboard is another process: it has the text a moment later.
  await expect.poll(() => launched.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('job 42');
});

test('files and links of a second start reach the window that is open', async ({ launched }) => {
  await pageScript(
    launched,
    `window.signals = [];
     window.adsapp.open('app.signals', {}, { next: (signal) => window.signals.push(signal), end: () => {} });
     // Answered after the stream has been opened: calls of one page are taken in their order.
     return window.adsapp.call('app.status', {}).answer;`,
  );
  await launched.app.evaluate(({ app }) => {
    // What Electron emits when a second instance hands over its command line.
    app.emit('second-instance', {}, [], '', {
      argv: ['/app', 'adsapp://open/failures', '/etc/passwd', 'adsapp://run/rm'],
      cwd: '/',
    });
    app.emit('second-instance', {}, [], '', { argv: 'not a list' });
    app.emit('second-instance', {}, [], '', null);
  });
  await expect
    .poll(() => launched.page.evaluate((): unknown => Reflect.get(window, 'signals')))
    .toEqual([
      { type: 'navigate', to: '/failures' },
      { type: 'not-opened', what: 'link', name: 'adsapp://run/rm' },
    ]);
});
