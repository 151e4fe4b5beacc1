import type { Transport } from '@shared/rpc/transport';
import { sessionToken } from './session-token';

/** What the preload script of the desktop window exposes as `window.adsapp`: the transport, and real file paths. */
export interface DesktopBridge extends Transport {
  /** The path of a file that was dropped or picked; empty where the file has none. */
  pathForFile(file: File): string;
}

/** The two ways to the main process. */
export type Connection =
  | { readonly kind: 'desktop'; readonly bridge: DesktopBridge }
  | { readonly kind: 'websocket'; readonly url: string };

function isBridge(value: unknown): value is DesktopBridge {
  if (typeof value !== 'object' || value === null) return false;
  return ['call', 'open', 'cancel', 'pathForFile'].every(
    (name) => typeof Reflect.get(value, name) === 'function',
  );
}

/** The socket of the page's own host: the console is only ever served by the process that answers it. */
export function socketUrl(location: Pick<Location, 'protocol' | 'host'>, token: string): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/rpc?token=${encodeURIComponent(token)}`;
}

/** How this page reaches the main process: the preload's bridge in the desktop window, else a WebSocket. */
export function detectConnection(): Connection {
  const bridge: unknown = Reflect.get(window, 'adsapp');
  if (isBridge(bridge)) return { kind: 'desktop', bridge };
  return { kind: 'websocket', url: socketUrl(window.location, sessionToken()) };
}

/** True on Apple systems, where ⌘ stands for Ctrl and the buttons of dialogs are in the other order. */
export function isApplePlatform(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}

/** True on Windows, whose dialogs put the confirming button first. */
export function isWindowsPlatform(): boolean {
  return /windows/i.test(navigator.userAgent);
}
