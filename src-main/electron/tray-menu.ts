import type { MenuItemConstructorOptions } from 'electron';
import type { BoardAlerts } from '../notices/announcer';
import type { TrayLook } from './tray-icon';

/** What one can do from the tray. */
export interface TrayActions {
  readonly open: () => void;
  /** Shows a screen by its address. */
  readonly show: (to: string) => void;
  readonly pause: (minutes: number | null) => void;
  readonly quit: () => void;
}

const PAUSE_MINUTES = 60;
const MAX_LISTED = 8;
const MAX_LABEL = 80;

const short = (text: string): string => (text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1)}…` : text);
/** An ampersand would underline the letter behind it. */
const plain = (text: string): string => short(text).replaceAll('&', '&&');
const timeOf = (iso: string): string =>
  new Date(iso).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });

/** What is said in one line: the tooltip of the icon, and the first line of its menu. */
export const traySummary = ({ open, pausedUntil }: BoardAlerts): string => {
  const state =
    open.length === 0 ? 'No open alerts' : open.length === 1 ? '1 open alert' : `${open.length} open alerts`;
  return pausedUntil === null ? state : `${state}, told again at ${timeOf(pausedUntil)}`;
};

export const trayLook = ({ open, pausedUntil }: BoardAlerts): TrayLook => {
  if (open.length > 0) return 'alert';
  return pausedUntil === null ? 'calm' : 'paused';
};

/** The menu of the icon in the tray: the state, the open alerts, the console, silence, the end. */
export const trayMenu = (alerts: BoardAlerts, actions: TrayActions): MenuItemConstructorOptions[] => {
  const { open, pausedUntil } = alerts;
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const listed = open.slice(0, MAX_LISTED).map(({ title, severity, to }): MenuItemConstructorOptions => ({
    label: plain(severity === 'critical' ? `Critical: ${title}` : title),
    click: () => actions.show(to),
  }));
  return [
    { label: traySummary(alerts), enabled: false },
    ...listed,
    ...(open.length > MAX_LISTED
      ? [{ label: `${open.length - MAX_LISTED} more…`, click: () => actions.show('/alerts') }]
      : []),
    separator,
    { label: 'Open Console', click: actions.open },
    pausedUntil === null
      ? { label: 'Pause Notifications for 1 Hour', click: () => actions.pause(PAUSE_MINUTES) }
      : { label: 'Resume Notifications', click: () => actions.pause(null) },
    separator,
    { label: 'Quit', click: actions.quit },
  ];
};
