import { create } from 'zustand';
import type { GivenFile } from './files';

interface OpenedFile {
  /** Dropped on the window or opened with the app, and not yet taken by the import screen. */
  readonly file: GivenFile | null;
  offer(file: GivenFile): void;
  /** The file, once. */
  take(): GivenFile | null;
}

/** The way of a file from anywhere in the window to the import screen. */
export const useOpenedFile = create<OpenedFile>((set, get) => ({
  file: null,
  offer: (file) => set({ file }),
  take: () => {
    const { file } = get();
    set({ file: null });
    return file;
  },
}));
