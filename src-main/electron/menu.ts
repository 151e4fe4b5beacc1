import type { MenuItemConstructorOptions } from 'electron';

/** A menu item that runs a command of the window's registry (src-renderer/commands). */
interface MenuCommand {
  readonly command: string;
  readonly label: string;
  /** Shown beside the label. The window itself listens for it, so that keys are never taken from an input field. */
  readonly key?: string;
}

const file: readonly MenuCommand[] = [
  { command: 'go.import', label: 'Import a Spreadsheet…' },
  { command: 'go.compose', label: 'New Message…' },
];

const settings: MenuCommand = { command: 'go.settings', label: 'Settings…' };

const screens: readonly MenuCommand[] = [
  { command: 'go.overview', label: 'Overview' },
  { command: 'go.jobs', label: 'Jobs' },
  { command: 'go.failures', label: 'Failures' },
  { command: 'go.contacts', label: 'Contacts' },
  { command: 'go.campaigns', label: 'Campaigns' },
  { command: 'go.templates', label: 'Templates' },
  { command: 'go.emails', label: 'E-mails' },
  { command: 'go.activity', label: 'Activity' },
];

const view: readonly MenuCommand[] = [
  { command: 'shell.palette', label: 'Find a Command…', key: 'CmdOrCtrl+K' },
  { command: 'shell.nav', label: 'Show or Hide Navigation', key: 'CmdOrCtrl+B' },
  { command: 'shell.theme', label: 'Light or Dark' },
];

const help: readonly MenuCommand[] = [{ command: 'shell.shortcuts', label: 'Keyboard Shortcuts', key: '?' }];

export interface MenuOptions {
  readonly appName: string;
  readonly mac: boolean;
  readonly development: boolean;
  readonly run: (command: string) => void;
}

/** The native menu. */
export const menuTemplate = ({
  appName,
  mac,
  development,
  run,
}: MenuOptions): MenuItemConstructorOptions[] => {
  const item = ({ command, label, key }: MenuCommand): MenuItemConstructorOptions => ({
    id: command,
    label,
    click: () => run(command),
    ...(key === undefined ? {} : { accelerator: key, registerAccelerator: false }),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };

  const appMenu: MenuItemConstructorOptions = {
    label: appName,
    submenu: [
      { role: 'about' },
      separator,
      item(settings),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
  const developer: MenuItemConstructorOptions[] = development
    ? [separator, { role: 'reload' }, { role: 'toggleDevTools' }]
    : [];

  return [
    ...(mac ? [appMenu] : []),
    {
      label: '&File',
      submenu: [
        ...file.map(item),
        separator,
        ...(mac ? [] : [item(settings), separator]),
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    { label: '&Go', submenu: screens.map(item) },
    {
      label: '&View',
      submenu: [
        ...view.map(item),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...developer,
      ],
    },
    { role: 'windowMenu' },
    { label: '&Help', role: 'help', submenu: help.map(item) },
  ];
};
