import { app, Notification, type BrowserWindow } from 'electron';
import type { AppSignal } from '@shared/contract/app';
import type { NoticeBoard } from '../notices/announcer';
import type { TrayIcon } from './tray';

export interface NotifierOptions {
  readonly window: () => BrowserWindow | undefined;
  readonly focus: () => void;
  readonly send: (signal: AppSignal) => void;
  /** Makes the icon in the tray; called once, when there is something to show. */
  readonly tray: (pause: (minutes: number | null) => void) => TrayIcon;
}

/** Notifications show only while no window is in front: whoever looks at the console sees it there. */
export const createNotifier = ({ window, focus, send, tray }: NotifierOptions): NoticeBoard => {
  /** Kept until they are gone: a notification that is collected loses its click. */
  const shown = new Set<Notification>();
  let lastProgress: number | null = null;
  const pauseListeners = new Set<(minutes: number | null) => void>();
  const pause = (minutes: number | null): void => {
    for (const listener of pauseListeners) listener(minutes);
  };
  let icon: TrayIcon | undefined;

  return {
    notify({ title, body, to }) {
      if (window()?.isFocused() === true || !Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      shown.add(notification);
      notification.on('click', () => {
        shown.delete(notification);
        focus();
        send({ type: 'navigate', to });
      });
      notification.on('close', () => shown.delete(notification));
      notification.show();
    },
    setBadge(count) {
      app.setBadgeCount(Math.max(0, Math.trunc(count)));
    },
    setProgress(fraction) {
      const next = fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 100) / 100;
      if (next === lastProgress) return;
      lastProgress = next;
      window()?.setProgressBar(next ?? -1);
    },
    setAlerts(alerts) {
      icon ??= tray(pause);
      icon.update(alerts);
    },
    onPause(listener) {
      pauseListeners.add(listener);
      return () => pauseListeners.delete(listener);
    },
  };
};
