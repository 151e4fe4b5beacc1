import { app, Notification, type BrowserWindow } from 'electron';
import type { AppSignal } from '@shared/contract/app';

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** The screen that a click shows, such as `/campaigns/…`. */
  readonly to?: string;
}

/** What the console says outside its window. */
export interface Notifier {
  /** Shown only while no window is in front: whoever looks at the console sees it there. */
  notify(notice: Notice): void;
  /** The number on the dock or taskbar icon; 0 takes it away. */
  setBadge(count: number): void;
  /** The bar on the taskbar icon: 0 to 1; null for none. */
  setProgress(fraction: number | null): void;
}

export interface NotifierOptions {
  readonly window: () => BrowserWindow | undefined;
  readonly focus: () => void;
  readonly send: (signal: AppSignal) => void;
}

export const createNotifier = ({ window, focus, send }: NotifierOptions): Notifier => {
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
        if (to !== undefined) send({ type: 'navigate', to });
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
