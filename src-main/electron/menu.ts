import type { MenuItemConstructorOptions } from 'electron';
import type { CommandSection, MenuCommand } from '@shared/contract/app';

/** The parts of Electron's menu that are needed. */
export interface MenuHost<M extends { getMenuItemById(id: string): { enabled: boolean } | null }> {
  readonly build: (template: MenuItemConstructorOptions[]) => M;
  readonly show: (menu: M) => void;
}

export interface MenuOptions {
  readonly appName: string;
  readonly mac: boolean;
  readonly development: boolean;
  readonly run: (command: string) => void;
}

/** The command that stands where each system has its settings. */
const SETTINGS = 'go.settings';
/** At most so many of a section: nobody reads a menu of 400 queues, the palette finds them. */
const MOST_OF_A_SECTION = 40;

/**
 * The native menu: the system's own items, and the commands that the window's registry has now. Follows what the
 * window offers; a menu that is open is not built anew while only what can be chosen has changed.
 */
export const createNativeMenu = <M extends { getMenuItemById(id: string): { enabled: boolean } | null }>(
  host: MenuHost<M>,
  options: MenuOptions,
) => {
  let shown = '';
  let menu: M | null = null;
  const offer = (commands: readonly MenuCommand[]): void => {
    const structure = JSON.stringify(
      commands.map(({ id, title, section, shortcut }) => [id, title, section, shortcut]),
    );
    if (menu === null || structure !== shown) {
      menu = host.build(menuTemplate(commands, options));
      host.show(menu);
      shown = structure;
      return;
    }
    for (const { id, enabled } of commands) {
      const item = menu.getMenuItemById(id);
      if (item !== null && item.enabled !== enabled) item.enabled = enabled;
    }
  };
  offer([]);
  return { offer };
};

/** The whole menu as Electron takes it. */
export const menuTemplate = (
  commands: readonly MenuCommand[],
  { appName, mac, development, run }: MenuOptions,
): MenuItemConstructorOptions[] => {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const item = ({ id, title, enabled, shortcut }: MenuCommand): MenuItemConstructorOptions => {
    const accelerator = acceleratorOf(shortcut, mac);
    return {
      id,
      // An ampersand would underline the letter after it.
      label: title.replaceAll('&', '&&'),
      enabled,
      click: () => run(id),
      // Shown only: the window itself listens, so that keys are never taken from an input field.
      ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    };
  };
  const of = (...sections: CommandSection[]): MenuItemConstructorOptions[] =>
    grouped(
      sections.map((section) =>
        commands
          .filter((command) => command.section === section && command.id !== SETTINGS)
          .slice(0, MOST_OF_A_SECTION)
          .map(item),
      ),
    );
  const settings = commands.filter(({ id }) => id === SETTINGS).map(item);

  const appMenu: MenuItemConstructorOptions = {
    label: appName,
    submenu: grouped([
      [{ role: 'about' }],
      settings,
      [{ role: 'services' }],
      [{ role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }],
      [{ role: 'quit' }],
    ]),
  };
  const menuOf = (label: string, submenu: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    submenu.length === 0 ? [] : [{ label, submenu }];
  const developer: MenuItemConstructorOptions[] = development
    ? [separator, { role: 'reload' }, { role: 'toggleDevTools' }]
    : [];
  const view = of('view');

  return [
    ...(mac ? [appMenu] : []),
    {
      label: '&File',
      submenu: grouped([of('create'), mac ? [] : settings, [{ role: mac ? 'close' : 'quit' }]]),
    },
    { role: 'editMenu' },
    ...menuOf('&Go', of('navigate')),
    ...menuOf('&Actions', of('row', 'page')),
    ...menuOf('&Queues', of('queue')),
    {
      label: '&View',
      submenu: [
        ...view,
        ...(view.length > 0 ? [separator] : []),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...developer,
      ],
    },
    { role: 'windowMenu' },
    { label: '&Help', role: 'help', submenu: of('system') },
  ];
};

/** Groups with a line between those that hold anything. */
const grouped = (groups: readonly (readonly MenuItemConstructorOptions[])[]): MenuItemConstructorOptions[] =>
  groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => (index === 0 ? [...group] : [{ type: 'separator' as const }, ...group]));

const NAMED_KEYS: Readonly<Record<string, string>> = { Delete: 'Delete', Enter: 'Enter', '?': '?', '/': '/' };

/**
 * A shortcut of the registry as Electron writes it; undefined for what a menu cannot show, such as sequences. macOS
 * always takes the keys of its menu: there only those that type nothing are shown.
 */
const acceleratorOf = (shortcut: string | undefined, mac: boolean): string | undefined => {
  if (shortcut === undefined || shortcut.includes(' ')) return undefined;
  if (mac && !shortcut.startsWith('Mod+')) return undefined;
  const parts = shortcut.split('+');
  const key = parts.pop() ?? '';
  const named = /^[A-Za-z0-9]$/.test(key) ? key.toUpperCase() : NAMED_KEYS[key];
  if (named === undefined) return undefined;
  return [...parts.map((part) => (part === 'Mod' ? 'CmdOrCtrl' : part)), named].join('+');
};
