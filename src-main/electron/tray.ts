import { Menu, nativeImage, Tray, type NativeImage } from 'electron';
import type { BoardAlerts } from '../notices/announcer';
import { drawTrayIcon, type TrayLook } from './tray-icon';
import { trayLook, trayMenu, traySummary, type TrayActions } from './tray-menu';

export interface TrayOptions extends TrayActions {
  readonly appName: string;
  readonly platform: NodeJS.Platform;
  readonly report: (message: string, error: unknown) => void;
}

/** The icon in the system's tray. Where a system has none, nothing happens. */
export interface TrayIcon {
  update(alerts: BoardAlerts): void;
  close(): void;
}

/** Pixels of one side; Windows and Linux scale from the second one where the screen is dense. */
const SIDE: Partial<Record<NodeJS.Platform, number>> = { darwin: 18, win32: 16 };
const USUAL_SIDE = 22;

/** Makes the icon with the first state that it shows. */
export const createTray = ({ appName, platform, report, ...actions }: TrayOptions): TrayIcon => {
  const images = new Map<TrayLook, NativeImage>();
  let tray: Tray | undefined;
  let shown = '';
  let isPossible = true;

  const imageOf = (look: TrayLook): NativeImage => {
    const known = images.get(look);
    if (known !== undefined) return known;
    const image = drawImage(look, platform);
    images.set(look, image);
    return image;
  };
  const close = (): void => {
    tray?.destroy();
    tray = undefined;
    shown = '';
  };
  const show = (alerts: BoardAlerts): void => {
    const image = imageOf(trayLook(alerts));
    if (tray === undefined) {
      tray = new Tray(image);
      // On macOS a click opens the menu; elsewhere that is the other button's.
      if (platform !== 'darwin') tray.on('click', actions.open);
    } else {
      tray.setImage(image);
    }
    tray.setToolTip(`${appName}: ${traySummary(alerts)}`);
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu(alerts, actions)));
  };

  return {
    update(alerts) {
      if (!alerts.tray) {
        close();
        return;
      }
      const content = JSON.stringify(alerts);
      if (!isPossible || content === shown) return;
      shown = content;
      try {
        show(alerts);
      } catch (error) {
        // A desktop without a tray: the console is complete without it.
        isPossible = false;
        report('This desktop shows no icon in its tray.', error);
      }
    },
    close,
  };
};

const drawImage = (look: TrayLook, platform: NodeJS.Platform): NativeImage => {
  const side = SIDE[platform] ?? USUAL_SIDE;
  const isTemplate = platform === 'darwin';
  const image = nativeImage.createEmpty();
  for (const scaleFactor of [1, 2]) {
    const { size, pixels } = drawTrayIcon(side * scaleFactor, look, isTemplate);
    const drawn = nativeImage.createFromBitmap(pixels, { width: size, height: size });
    image.addRepresentation({ scaleFactor, buffer: drawn.toPNG() });
  }
  image.setTemplateImage(isTemplate);
  return image;
};
