import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConsoleMessage, expect, test as base } from '@playwright/test';
import { type LaunchedElectron, launchElectron } from './fixtures/electron';
import { serveLoopback } from './fixtures/loopback-server';

// Each test attacks one item of the security checklist in the real window, as a script that got into the
// page would, and looks for what the attack would have left behind. One app for all: a test that changes
// the window puts it back.

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

const PRELOAD = join(__dirname, '../out/preload/index.js');
const HOME = /^app:\/\/bundle\/index\.html/;
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Runs a script in the page as text, because an attacker does not keep to types. In a later turn: what the
 * debugger evaluates may use `eval`, whatever the policy says.
 */
const pageScript = async <T>({ page }: LaunchedElectron, script: string): Promise<T> =>
  page.evaluate<T>(`new Promise((resolve) => setTimeout(resolve)).then(async () => { ${script} })`);

const refusals = ({ output }: LaunchedElectron): number => output.text().split('Refused').length - 1;

test.describe('the page', () => {
  test('has nothing of Node or Electron', async ({ launched }) => {
    const seen = await launched.page.evaluate(() =>
      [
        'require',
        'process',
        'module',
        'exports',
        'global',
        'Buffer',
        '__dirname',
        'electron',
        'ipcRenderer',
      ].filter((name) => Reflect.get(globalThis, name) !== undefined),
    );
    expect(seen).toEqual([]);
  });

  test('has a bridge of exactly four functions that nobody can replace', async ({ launched }) => {
    const surface = await launched.page.evaluate(() => {
      const bridge: unknown = Reflect.get(window, 'adsapp');
      if (typeof bridge !== 'object' || bridge === null) return null;
      const kinds = Object.fromEntries(
        Reflect.ownKeys(bridge).map((key) => [String(key), typeof Reflect.get(bridge, key)]),
      );
      const replaced = Reflect.set(bridge, 'call', () => 'mine');
      const taken = Reflect.deleteProperty(window, 'adsapp') || Reflect.set(window, 'adsapp', {});
      return { kinds, replaced, taken };
    });
    expect(surface).toEqual({
      kinds: { call: 'function', open: 'function', cancel: 'function', pathForFile: 'function' },
      replaced: false,
      taken: false,
    });
  });

  test('cannot climb from the bridge into the preload script', async ({ launched }) => {
    const climbed = await pageScript<string>(
      launched,
      `try {
         return window.adsapp.call.constructor('return typeof require')();
       } catch (error) {
         return error.name;
       }`,
    );
    // The policy forbids making code from text; the constructor is the page's own in any case.
    expect(climbed).toBe('EvalError');
  });

  test('asks through the bridge and is answered by main', async ({ launched }) => {
    const answer = await pageScript<{ ok: boolean }>(
      launched,
      `return window.adsapp.call('activity.verifyAudit', {}).answer;`,
    );
    expect(answer.ok).toBe(true);
  });
});

test.describe('the content security policy', () => {
  test('is the strict one, as a header of every answer', async ({ launched }) => {
    const headers = await launched.page.evaluate(async () => {
      const [page, missing] = await Promise.all([fetch('/index.html'), fetch('/nothing.js')]);
      return [page, missing].map((response) => ({
        status: response.status,
        policy: response.headers.get('content-security-policy'),
        sniff: response.headers.get('x-content-type-options'),
      }));
    });
    expect(headers).toEqual([
      { status: 200, policy: POLICY, sniff: 'nosniff' },
      { status: 404, policy: POLICY, sniff: 'nosniff' },
    ]);
  });

  const attacks: readonly (readonly [string, string])[] = [
    [
      'an inline script',
      `const s = document.createElement('script'); s.textContent = 'window.pwned = 1'; document.head.append(s);`,
    ],
    [
      'a script in an attribute',
      `const i = document.createElement('img'); i.setAttribute('onerror', 'window.pwned = 1'); i.src = 'data:,'; document.body.append(i);`,
    ],
    [
      'a javascript: link',
      `const a = document.createElement('a'); a.href = 'javascript:window.pwned=1'; document.body.append(a); a.click();`,
    ],
    [
      'eval',
      `try { (0, eval)('window.pwned = 1'); } catch (error) { if (!(error instanceof EvalError)) throw error; }`,
    ],
    [
      'new Function',
      `try { new Function('window.pwned = 1')(); } catch (error) { if (!(error instanceof EvalError)) throw error; }`,
    ],
    [
      'a script from a blob',
      `const s = document.createElement('script'); s.src = URL.createObjectURL(new Blob(['window.pwned = 1'])); document.head.append(s);`,
    ],
    [
      'a script from data',
      `const s = document.createElement('script'); s.src = 'data:text/javascript,window.pwned=1'; document.head.append(s);`,
    ],
  ];
  for (const [what, script] of attacks) {
    test(`stops ${what}`, async ({ launched }) => {
      const violated = await pageScript<string>(
        launched,
        `const seen = new Promise((resolve) => {
           document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
           setTimeout(() => resolve('nothing was stopped'), 3000);
         });
         ${script}
         return seen;`,
      );
      expect(violated).toMatch(/^script-src/);
      expect(await launched.page.evaluate((): unknown => Reflect.get(window, 'pwned'))).toBeUndefined();
    });
  }

  test('stops an injected style', async ({ launched }) => {
    const before = await launched.page.evaluate(() => getComputedStyle(document.body).outlineWidth);
    await launched.page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { outline: 77px solid red !important; }';
      document.head.append(style);
    });
    expect(await launched.page.evaluate(() => getComputedStyle(document.body).outlineWidth)).toBe(before);
  });

  test('holds in the frame that shows an email: nothing runs there, and styles come by the object model', async ({
    launched,
  }) => {
    const before = refusals(launched);
    const shown = await pageScript<{ readonly colour: string; readonly ran: boolean }>(
      launched,
      `const frame = document.createElement('iframe');
       frame.sandbox.add('allow-same-origin');
       frame.srcdoc = '<p>Hello</p><script>parent.pwned = 1</' + 'script><a href="javascript:parent.pwned=1">x</a>';
       const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
       document.body.append(frame);
       await loaded;
       const sheet = new frame.contentWindow.CSSStyleSheet();
       sheet.replaceSync('p { color: rgb(1, 2, 3) }');
       frame.contentDocument.adoptedStyleSheets = [sheet];
       frame.contentDocument.querySelector('a').click();
       await new Promise((resolve) => setTimeout(resolve, 200));
       const colour = frame.contentWindow.getComputedStyle(frame.contentDocument.querySelector('p')).color;
       frame.remove();
       return { colour, ran: 'pwned' in window };`,
    );
    expect(shown).toEqual({ colour: 'rgb(1, 2, 3)', ran: false });
    expect(refusals(launched)).toBe(before);
  });

  test('lets no page, picture or request out', async ({ launched }) => {
    const asked: string[] = [];
    const server = await serveLoopback((request) => {
      asked.push(request.url ?? '');
      return Promise.resolve({ type: 'text', status: 200, body: 'here' });
    });
    const results = await pageScript<string[]>(
      launched,
      `const url = ${JSON.stringify(server.url)};
       const outcome = (promise) => promise.then(() => 'out', () => 'stopped');
       const picture = new Promise((resolve, reject) => { const i = new Image(); i.onload = resolve; i.onerror = reject; i.src = url + '/picture'; });
       const socket = new Promise((resolve, reject) => { const s = new WebSocket(url.replace('http', 'ws') + '/socket'); s.onopen = resolve; s.onerror = reject; });
       const frame = document.createElement('iframe'); frame.src = url + '/frame'; document.body.append(frame);
       const form = document.createElement('form'); form.action = url + '/form'; form.method = 'post'; document.body.append(form); form.submit();
       navigator.sendBeacon(url + '/beacon', 'x');
       return Promise.all([outcome(fetch(url + '/fetch')), outcome(picture), outcome(socket)]);`,
    );
    await launched.page.waitForTimeout(300);
    await server.close();
    expect(results).toEqual(['stopped', 'stopped', 'stopped']);
    expect(asked).toEqual([]);
    expect(launched.page.url()).toMatch(HOME);
  });
});

test.describe('the bundle’s protocol', () => {
  const paths = [
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/%2e%2e%2f%2e%2e%2fpackage.json',
    '/..%5c..%5cpackage.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/etc/passwd',
    '/index.html%2500.js',
    '/%E0%A4%A',
    '/files/00000000-0000-4000-8000-000000000000/x',
    '/files/..%2f..%2fpackage.json',
  ];
  for (const path of paths) {
    test(`serves nothing for ${path}`, async ({ launched }) => {
      const { status, text } = await launched.page.evaluate(async (asked) => {
        const response = await fetch(`app://bundle${asked}`);
        return { status: response.status, text: await response.text() };
      }, path);
      expect(status).toBe(404);
      expect(text).not.toMatch(/adsapp-queue-console|root:/);
    });
  }

  test('answers GET and uploads only, and no other host', async ({ launched }) => {
    const outcomes = await launched.page.evaluate(async () => {
      const post = await fetch('/index.html', { method: 'POST' });
      const put = await fetch('/files', { method: 'PUT', body: 'x' });
      const foreign = await fetch('app://other/index.html').then(
        (response) => `answered ${response.status}`,
        () => 'stopped',
      );
      return { post: post.status, put: put.status, foreign };
    });
    expect(outcomes).toEqual({ post: 405, put: 405, foreign: 'stopped' });
  });

  test('reads no file: address', async ({ launched }) => {
    const outcome = await launched.page.evaluate(() =>
      fetch('file:///etc/passwd').then(
        () => 'read',
        () => 'stopped',
      ),
    );
    expect(outcome).toBe('stopped');
  });
});

test.describe('the window', () => {
  for (const target of ['https://example.com/', 'app://bundle.evil/', 'app://other/index.html']) {
    test(`stays when the page wants to go to ${target}`, async ({ launched }) => {
      const before = refusals(launched);
      await launched.page.evaluate((url) => {
        window.location.href = url;
      }, target);
      await expect.poll(() => refusals(launched)).toBeGreaterThan(before);
      expect(launched.page.url()).toMatch(HOME);
    });
  }

  test('stays when the page wants to go to a file', async ({ launched }) => {
    await launched.page.evaluate(() => {
      window.location.href = 'file:///etc/passwd';
    });
    await launched.page.waitForTimeout(500);
    expect(launched.page.url()).toMatch(HOME);
  });

  test('stays when something on the page navigates a frame or drops a link', async ({ launched }) => {
    await launched.page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const link = document.createElement('a');
      link.href = 'https://example.com/';
      link.target = '_top';
      document.body.append(link);
      link.click();
      frame.remove();
      link.remove();
    });
    await launched.page.waitForTimeout(200);
    expect(launched.page.url()).toMatch(HOME);
  });

  test('opens no other window', async ({ launched }) => {
    const opened = await launched.page.evaluate(() => [
      window.open('https://example.com/'),
      window.open('app://bundle/index.html'),
      window.open('about:blank'),
      window.open('file:///etc/passwd'),
      window.open(''),
    ]);
    expect(opened).toEqual([null, null, null, null, null]);
    const windows = await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    expect(windows).toBe(1);
  });

  test('asks the system to open https pages of our providers and nothing else', async ({ launched }) => {
    await launched.app.evaluate(({ shell }) => {
      const opened: string[] = [];
      Reflect.set(globalThis, 'opened', opened);
      Reflect.set(shell, 'openExternal', (url: string) => {
        opened.push(url);
        return Promise.resolve();
      });
    });
    await launched.page.evaluate(() => {
      for (const url of [
        'http://resend.com/',
        'https://resend.com.evil.example/',
        'https://example.com/',
        'file:///etc/passwd',
        'smb://evil/share',
        'https://resend.com/domains',
      ])
        window.open(url);
    });
    await expect
      .poll(() => launched.app.evaluate((): unknown => Reflect.get(globalThis, 'opened')))
      .toEqual(['https://resend.com/domains']);
  });

  test('hosts no webview', async ({ launched }) => {
    await launched.page.evaluate(() => {
      const view = document.createElement('webview');
      view.setAttribute('src', 'https://example.com/');
      view.setAttribute('nodeintegration', '');
      document.body.append(view);
    });
    await launched.page.waitForTimeout(300);
    const contents = await launched.app.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((each) => each.getType()),
    );
    expect(contents.filter((type) => type === 'webview')).toEqual([]);
  });

  test('has, with every other one, the preferences of the checklist', async ({ launched }) => {
    const preferences = await launched.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => {
        const read: unknown = Reflect.get(webContents, 'getLastWebPreferences');
        const all: unknown = typeof read === 'function' ? Reflect.apply(read, webContents, []) : {};
        return [
          'contextIsolation',
          'sandbox',
          'nodeIntegration',
          'webSecurity',
          'webviewTag',
          'nodeIntegrationInSubFrames',
        ].map((name) => `${name}: ${String(Reflect.get(Object(all), name))}`);
      }),
    );
    expect(preferences).toEqual([
      [
        'contextIsolation: true',
        'sandbox: true',
        'nodeIntegration: false',
        'webSecurity: true',
        'webviewTag: false',
        'nodeIntegrationInSubFrames: false',
      ],
    ]);
  });
});

test.describe('permissions', () => {
  test('are denied without asking', async ({ launched }) => {
    const outcomes = await pageScript<Record<string, string>>(
      launched,
      `const outcome = (promise) => Promise.resolve(promise).then((value) => String(value ?? 'granted'), (error) => error.name);
       const place = new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, (error) => reject(Object.assign(new Error(), { name: 'code ' + error.code }))));
       return {
         camera: await outcome(navigator.mediaDevices.getUserMedia({ video: true })),
         screen: await outcome(navigator.mediaDevices.getDisplayMedia({ video: true })),
         place: await outcome(place),
         notifications: await outcome(Notification.requestPermission()),
         clipboard: await outcome(navigator.clipboard.readText()),
         midi: await outcome(navigator.requestMIDIAccess({ sysex: true })),
       };`,
    );
    expect(outcomes['place']).toBe('code 1');
    expect(outcomes['notifications']).toBe('denied');
    for (const name of ['camera', 'screen', 'clipboard', 'midi'])
      expect(outcomes[name], name).toMatch(
        /^(?:NotAllowedError|NotSupportedError|NotFoundError|SecurityError|AbortError|InvalidStateError)$/,
      );
    const states = await launched.page.evaluate(async () => {
      const names: PermissionName[] = ['geolocation', 'notifications', 'persistent-storage'];
      return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
    });
    expect(states).not.toContain('granted');
  });
});

test.describe('messages to main', () => {
  const ask = `return window.adsapp.call('activity.verifyAudit', {}).answer;`;

  test('of a window that main did not make are refused, even at our address', async ({ launched }) => {
    const answer = await launched.app.evaluate(
      async ({ BrowserWindow }, [path, script]) => {
        const foreign = new BrowserWindow({ show: false, webPreferences: { preload: path, sandbox: true } });
        await foreign.loadURL('app://bundle/index.html');
        const result: unknown = await foreign.webContents.executeJavaScript(`(async () => { ${script} })()`);
        foreign.destroy();
        return result;
      },
      [PRELOAD, ask] as const,
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(launched.output.text()).toContain('web contents that are not ours');
  });

  test('of a foreign page in our own window are refused', async ({ launched }) => {
    const answer = await launched.app.evaluate(async ({ BrowserWindow }, script) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window === undefined) return 'no window';
      await window.loadURL('data:text/html,<title>evil</title>');
      const result: unknown = await window.webContents.executeJavaScript(`(async () => { ${script} })()`);
      await window.loadURL('app://bundle/index.html');
      return result;
    }, ask);
    expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(launched.output.text()).toContain('a page of another origin');
    await expect(launched.page).toHaveURL(HOME);
  });

  test('cannot be sent by a frame inside the page', async ({ launched }) => {
    const inside = await launched.page.evaluate(async () => {
      const frame = document.createElement('iframe');
      frame.srcdoc = '<p>inside</p>';
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      document.body.append(frame);
      await loaded;
      const bridge: unknown = frame.contentWindow && Reflect.get(frame.contentWindow, 'adsapp');
      frame.remove();
      return typeof bridge;
    });
    expect(inside).toBe('undefined');
  });

  test('that are no frames are refused, and main serves on', async ({ launched }) => {
    const before = refusals(launched);
    await pageScript(
      launched,
      `for (const input of [undefined, null, 7, [], { deep: { deep: {} } }])
         for (const path of ['', 7, null, {}, 'x'.repeat(5000), '__proto__.x', 'constructor.call'])
           window.adsapp.call(path, input);
       window.adsapp.cancel(-1); window.adsapp.cancel('1'); window.adsapp.cancel({});`,
    );
    await expect.poll(() => refusals(launched)).toBeGreaterThan(before);
    const answer = await pageScript<{ ok: boolean }>(launched, ask);
    expect(answer.ok).toBe(true);
  });

  test('reach no procedure by the names that every object has', async ({ launched }) => {
    for (const path of [
      '__proto__.toString',
      'constructor.constructor',
      'activity.__proto__',
      'activity.constructor',
    ]) {
      const answer = await pageScript<object>(launched, `return window.adsapp.call('${path}', {}).answer;`);
      expect(answer).toMatchObject({ ok: false, error: { code: 'unknown_procedure' } });
    }
  });

  test('are all there is: main listens on no other channel', async ({ launched }) => {
    const channels = await launched.app.evaluate(({ ipcMain }) => ipcMain.eventNames().map(String));
    // `error` is Electron's own, against errors of nobody's.
    expect(channels.filter((name) => name !== 'error')).toEqual(['rpc:from-page']);
  });
});

test('a reload ends what the page had open and starts anew', async ({ launched }) => {
  const script = `return window.adsapp.call('activity.verifyAudit', {}).answer;`;
  await launched.page.reload();
  expect(await pageScript<{ ok: boolean }>(launched, script)).toMatchObject({ ok: true });
});

test('a file that is picked is known to main by its path', async ({ launched }) => {
  const path = join(__dirname, '../package.json');
  await launched.page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'picked-by-test';
    document.body.append(input);
  });
  await launched.page.setInputFiles('#picked-by-test', path);
  const known = await pageScript<string>(
    launched,
    `return window.adsapp.pathForFile(document.getElementById('picked-by-test').files[0]);`,
  );
  expect(known).toBe(path);
  const made = await pageScript<string>(
    launched,
    `return window.adsapp.pathForFile(new File(['x'], 'a.csv'));`,
  );
  expect(made).toBe('');
});

test('the page runs without breaking its own policy', async ({ launched }) => {
  const broken: string[] = [];
  const listen = (message: ConsoleMessage): void => {
    if (message.text().includes('Content Security Policy')) broken.push(message.text());
  };
  launched.page.on('console', listen);
  await launched.page.reload();
  await expect(launched.page.locator('#root')).not.toBeEmpty();
  await launched.page.waitForTimeout(500);
  launched.page.off('console', listen);
  expect(broken).toEqual([]);
});

test('the preload script is one file that needs only Electron', () => {
  const text = readFileSync(PRELOAD, 'utf8');
  const needed = [...text.matchAll(/require\((["'`])(.*?)\1\)/g)].map(([, , name]) => name);
  expect([...new Set(needed)]).toEqual(['electron']);
});
