import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Builds a source file as the app's build does, so that tests run it in a real thread or process. Packages
 * are left outside the bundle, so it is put where they are found.
 */
export async function bundle(source: string): Promise<{ path: string; dispose: () => Promise<void> }> {
  const parent = join(root, '.cache', 'test-bundles');
  await mkdir(parent, { recursive: true });
  const outDir = await mkdtemp(join(parent, 'b-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    resolve: { alias: { '@shared': join(root, 'src-shared') } },
    build: {
      ssr: join(root, source),
      outDir,
      emptyOutDir: false,
      target: 'node18',
      rolldownOptions: {
        output: { format: 'cjs', entryFileNames: 'bundle.cjs', chunkFileNames: '[name]-[hash].cjs' },
      },
    },
  });
  return { path: join(outDir, 'bundle.cjs'), dispose: () => rm(outDir, { recursive: true, force: true }) };
}
