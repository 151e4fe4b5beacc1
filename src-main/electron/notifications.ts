import { app, Notification, type BrowserWindow } from 'electron';
import type { AppSignal } from '@shared/contract/app';
import type { NoticeBoard } from '../notices/announcer';

export interface NotifierOptions {
  readonly window: () => BrowserWindow | undefined;
  readonly focus: () => void;
  readonly send: (signal: AppSignal) => void;
}

/** Notifications show only while no window is in front: whoever looks at the console sees it there. */
export const createNotifier = ({ window, focus, send }: NotifierOptions): NoticeBoard => {
  /** Kept until they are gone: a notification that is collected loses its click. */
  const shown = new Set<Notification>();
  let lastProgress: number | null = null;

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
  };
};
