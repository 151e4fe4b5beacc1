import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import tailwind from '@tailwindcss/vite';
import { defineConfig } from 'electron-vite';
import { dependencies } from './package.json';
import { oneByteChunks } from './scripts/one-byte-source';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const alias = { '@shared': at('./src-shared'), '@renderer': at('./src-renderer') };

/**
 * What stays in node_modules: PGlite and pino find files beside their own code, and SheetJS is large and loaded
 * for old spreadsheets only. Everything else is bundled: a thousand small files cost each process of the app
 * 0.2 s at every start, and memory for what nobody uses.
 */
const FROM_DISK = ['@electric-sql/pglite', 'pino', 'xlsx'];
const bundled = Object.keys(dependencies).filter((name) => !FROM_DISK.includes(name));
/** Native additions that the bundled packages use where they are installed. */
const OPTIONAL_NATIVE = ['bufferutil', 'msgpackr-extract', 'pg-native', 'utf-8-validate'];

// Targets are stated because electron-vite's own table ends before the Electron that ships; the
// bundle must also run on Electron 25 (Node 18, Chrome 114), the fall-back of machines without GitHub.
export default defineConfig({
  main: {
    resolve: { alias },
    plugins: [oneByteChunks()],
    build: {
      outDir: 'out/main',
      target: 'node18',
      sourcemap: true,
      externalizeDeps: { exclude: bundled },
      rolldownOptions: {
        external: OPTIONAL_NATIVE,
        // V8 keeps the text of a program in memory, with whatever its packages explain to their readers.
        output: { comments: { legal: true, annotation: false, jsdoc: false } },
        input: {
          index: at('./src-main/index.ts'),
          serve: at('./src-main/serve.ts'),
          worker: at('./src-main/worker.ts'),
          seed: at('./src-main/seed.ts'),
          background: at('./src-main/background/index.ts'),
          spreadsheet: at('./src-main/imports/reader/thread.ts'),
          review: at('./src-main/imports/review/thread.ts'),
        },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      outDir: 'out/preload',
      target: 'node18',
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('./src-main/preload/index.ts') },
        output: { format: 'cjs' },
      },
    },
  },
  renderer: {
    root: at('./src-renderer'),
    resolve: { alias },
    plugins: [react(), tailwind(), oneByteChunks()],
    build: {
      outDir: at('./out/renderer'),
      // A small asset inlined as a data: URL would be refused by the content security policy (font-src 'self').
      assetsInlineLimit: 0,
      target: 'chrome114',
      // electron-vite leaves bundles as they are: three times the text to read, parse and keep at every start.
      minify: true,
      rolldownOptions: { input: { index: at('./src-renderer/index.html') } },
    },
  },
});
