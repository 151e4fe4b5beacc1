import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MenuCommand } from '@shared/contract/app';
import { signalsOf } from './argv';
import { isAllowedExternal } from './external-links';
import { createNativeMenu, menuTemplate } from './menu';
import { isOwnUrl } from './origin';
import { windowOptions } from './window-options';
import { placementOn } from './window-state';

const sources = (folder: string): { path: string; text: string }[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /(?<!\.test)\.ts$/.test(entry.name) ? [{ path, text: readFileSync(path, 'utf8') }] : [];
  });

describe('windows', () => {
  const options = windowOptions({
    title: 'Console',
    dark: false,
    placement: { bounds: { width: 1440, height: 900 }, maximized: false },
    preload: '/preload.js',
  });

  it('keep the page from Node', () => {
    expect(options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
    });
  });

  it('are never narrower than the layout, and not shown before they are painted', () => {
    expect(options).toMatchObject({ minWidth: 1024, show: false });
  });

  it('are made in one place, with these options', () => {
    const makers = sources(join(__dirname, '..')).filter(({ text }) =>
      /new (?:BrowserWindow|BrowserView|WebContentsView|BaseWindow)\(/.test(text),
    );
    expect(makers.map(({ path }) => path)).toEqual([join(__dirname, 'window.ts')]);
    expect(makers[0]?.text.match(/new BrowserWindow\((?!windowOptions\()/)).toBeNull();
  });
});

describe('a saved place of the window', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 };
  const second = { x: 1920, y: 0, width: 1920, height: 1080 };
  const at = (x: number, y: number) => ({ bounds: { x, y, width: 1200, height: 800 }, maximized: false });

  it('is used where its title bar can be grasped', () => {
    expect(placementOn(at(100, 50), [display]).bounds).toEqual({ x: 100, y: 50, width: 1200, height: 800 });
    expect(placementOn(at(2000, 50), [display, second]).bounds).toMatchObject({ x: 2000 });
    expect(placementOn(at(-1000, 50), [display]).bounds).toMatchObject({ x: -1000 });
  });

  it.each([
    ['on a display that is gone', at(2000, 50)],
    ['above the screen', at(100, -40)],
    ['below the screen', at(100, 1070)],
    ['all but its edge outside', at(-1150, 50)],
  ])('is given up %s', (_where, saved) => {
    expect(placementOn(saved, [display])).toEqual({ bounds: { width: 1440, height: 900 }, maximized: false });
  });

  it('is never smaller than the layout', () => {
    const tiny = { bounds: { x: 0, y: 0, width: 10, height: 10 }, maximized: true };
    expect(placementOn(tiny, [display])).toEqual({
      bounds: { x: 0, y: 0, width: 1024, height: 640 },
      maximized: true,
    });
  });
});

describe('our own origin', () => {
  it.each(['app://bundle/', 'app://bundle/index.html#/jobs?x=1', 'APP://bundle/x'])('is %s', (url) => {
    expect(isOwnUrl(url, ['app://bundle'])).toBe(true);
  });

  it.each([
    'app://bundle.evil/',
    'app://bundle:8080/',
    'app://bundle@evil/',
    'app://x:y@bundle/',
    'app:/bundle/',
    'https://bundle/',
    'https://evil/app://bundle/',
    'file:///app://bundle/',
    'javascript:alert(1)',
    'data:text/html,app://bundle/',
    'blob:app://bundle/1234',
    'about:blank',
    '',
    'not a url',
  ])('is not %s', (url) => {
    expect(isOwnUrl(url, ['app://bundle'])).toBe(false);
  });
});

describe('links to the outside', () => {
  it.each(['https://developers.facebook.com/docs/whatsapp', 'https://resend.com/domains'])(
    'open %s',
    (url) => {
      expect(isAllowedExternal(url)).toBe(true);
    },
  );

  it.each([
    'http://resend.com/',
    'https://resend.com.evil.example/',
    'https://evil.example/resend.com',
    'https://resend.com@evil.example/',
    'https://user@resend.com/',
    'https://resend.com:8443/',
    'file:///etc/passwd',
    'smb://resend.com/share',
    'ms-msdt:/id',
    'javascript:alert(1)',
    'resend.com',
  ])('do not open %s', (url) => {
    expect(isAllowedExternal(url)).toBe(false);
  });
});

describe('a command line', () => {
  it('opens spreadsheets, by paths that mean what they meant to who typed them', () => {
    expect(
      signalsOf(['/opt/app', '--no-sandbox', 'a.xlsx', '/data/B.CSV', 'c.ods', 'd.xls'], '/home/x'),
    ).toEqual([
      { type: 'open-file', path: '/home/x/a.xlsx', name: 'a.xlsx' },
      { type: 'open-file', path: '/data/B.CSV', name: 'B.CSV' },
      { type: 'open-file', path: '/home/x/c.ods', name: 'c.ods' },
      { type: 'open-file', path: '/home/x/d.xls', name: 'd.xls' },
    ]);
  });

  it('shows the screen that a link names', () => {
    expect(signalsOf(['adsapp://open/jobs?queue=bulk-messages'], '/')).toEqual([
      { type: 'navigate', to: '/jobs?queue=bulk-messages' },
    ]);
    expect(signalsOf(['adsapp://open'], '/')).toEqual([{ type: 'navigate', to: '/' }]);
    expect(signalsOf(['adsapp://job?queue=bulk-messages&id=a%26b'], '/')).toEqual([
      { type: 'navigate', to: '/jobs?queue=bulk-messages&job=a%26b' },
    ]);
  });

  it.each([
    '/etc/passwd',
    'script.sh',
    'contacts.xlsx.exe',
    '--load=evil.csv',
    '\\\\evil\\share\\a.xlsx',
    '//evil/share/a.csv',
    'a\0.csv',
    'adsapp://run/jobs',
    'adsapp://open/../settings?x',
    'adsapp://open//evil.example/',
    'adsapp://open/jobs%2f..',
    'adsapp:jobs',
    'adsapp://job?queue=bulk-messages',
    'adsapp://campaign?id=../settings',
    `adsapp://open/jobs?x=${'y'.repeat(7_000)}`,
    'javascript:alert(1)',
    'https://evil.example/a.csv',
  ])('does nothing about %s', (argument) => {
    const signals = signalsOf([argument], '/home/x');
    const harmless = signals.every(
      (signal) => signal.type === 'not-opened' || (signal.type === 'navigate' && signal.to === '/settings?x'),
    );
    expect(harmless).toBe(true);
  });

  it('tells of a link that leads nowhere, no more of it than fits', () => {
    expect(
      signalsOf(['adsapp://job?queue=bulk-messages', 'javascript:alert(1)', '/etc/passwd'], '/'),
    ).toEqual([{ type: 'not-opened', what: 'link', name: 'adsapp://job?queue=bulk-messages' }]);
    const [long] = signalsOf([`adsapp://campaign?id=${'y'.repeat(7_000)}`], '/');
    expect(long).toMatchObject({ what: 'link', name: expect.stringMatching(/^adsapp:.{112}…$/) as string });
  });

  it('opens at most twenty files', () => {
    expect(
      signalsOf(
        Array.from({ length: 50 }, (_, n) => `${n}.csv`),
        '/',
      ),
    ).toHaveLength(20);
  });
});

describe('the native menu', () => {
  const ran: string[] = [];
  const options = { appName: 'Console', mac: false, development: false, run: (id: string) => ran.push(id) };
  const commands: MenuCommand[] = [
    { id: 'go.settings', title: 'Go to Settings', section: 'navigate', shortcut: 'g s', enabled: true },
    { id: 'go.jobs', title: 'Go to Jobs', section: 'navigate', shortcut: 'g j', enabled: true },
    { id: 'jobs.row.retry', title: 'Retry this job', section: 'row', shortcut: 'r', enabled: false },
    { id: 'shell.palette', title: 'Find & run', section: 'system', shortcut: 'Mod+K', enabled: true },
  ];
  const itemsOf = (mac: boolean, offered = commands) =>
    menuTemplate(offered, { ...options, mac }).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    );

  it('runs the commands that the window offers and takes no key of theirs', () => {
    const items = itemsOf(false).filter(({ id }) => id !== undefined);
    for (const { click } of items) Reflect.apply(click ?? (() => undefined), undefined, []);
    expect([...ran].sort()).toEqual(commands.map(({ id }) => id).sort());
    const keys = items.filter(({ accelerator }) => accelerator !== undefined);
    expect(keys.map(({ accelerator }) => accelerator)).toEqual(['R', 'CmdOrCtrl+K']);
    expect(keys.every(({ registerAccelerator }) => registerAccelerator === false)).toBe(true);
    expect(items.find(({ id }) => id === 'shell.palette')?.label).toBe('Find && run');
    expect(items.find(({ id }) => id === 'jobs.row.retry')?.enabled).toBe(false);
  });

  it('shows no key on macOS that one types', () => {
    const keys = itemsOf(true).flatMap(({ id, accelerator }) =>
      id === undefined ? [] : (accelerator ?? []),
    );
    expect(keys).toEqual(['CmdOrCtrl+K']);
  });

  it('is not built anew while only what can be chosen changes', () => {
    const enabled = new Map<string, { enabled: boolean }>();
    let built = 0;
    const menu = createNativeMenu(
      {
        build: (template) => {
          built += 1;
          enabled.clear();
          for (const { submenu } of template)
            for (const item of Array.isArray(submenu) ? submenu : [])
              if (item.id !== undefined) enabled.set(item.id, { enabled: item.enabled !== false });
          return { getMenuItemById: (id: string) => enabled.get(id) ?? null };
        },
        show: () => undefined,
      },
      options,
    );
    menu.offer(commands);
    expect(built).toBe(2);
    menu.offer(commands.map((command) => ({ ...command, enabled: true })));
    expect(built).toBe(2);
    expect(enabled.get('jobs.row.retry')?.enabled).toBe(true);
    menu.offer(commands.slice(1));
    expect(built).toBe(3);
  });

  it('offers the developer tools in development only', () => {
    const roles = (development: boolean) =>
      JSON.stringify(menuTemplate([], { ...options, mac: true, development }));
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(true)).toContain('toggleDevTools');
  });
});
