import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { createTransport, type TransportListener } from '@shared/rpc/transport';
import { readServerFrame } from '@shared/rpc/server-frame';
import { FROM_PAGE, TO_PAGE } from '../electron/ipc-channels';

/** Tells this document's messages from those of the one before a reload. */
const session = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
  byte.toString(16).padStart(2, '0'),
).join('');

const transport = createTransport({
  send: (frame) => ipcRenderer.send(FROM_PAGE, session, frame),
  onFrame: (receive) => {
    ipcRenderer.on(TO_PAGE, (_event, forSession: unknown, message: unknown) => {
      const frame = forSession === session ? readServerFrame(message) : undefined;
      if (frame !== undefined) receive(frame);
    });
  },
  // The window does not outlive main.
  onClose: () => undefined,
});

/** `webUtils` came with Electron 29; before it, a File had a `path` of its own. */
const modern = (utilities: typeof webUtils | undefined): boolean => utilities !== undefined;

const pathForFile = (file: File): string => {
  if (modern(webUtils)) return webUtils.getPathForFile(file);
  const path: unknown = Reflect.get(file, 'path');
  return typeof path === 'string' ? path : '';
};

// All that the page gets. `ipcRenderer` itself, and the event objects that lead back to it, stay here.
contextBridge.exposeInMainWorld('adsapp', {
  call: (path: string, input: unknown) => transport.call(path, input),
  open: (path: string, input: unknown, listener: TransportListener) => transport.open(path, input, listener),
  cancel: (id: number) => transport.cancel(id),
  pathForFile,
});
