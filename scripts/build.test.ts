import { dirname, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import config from '../electron.vite.config';
import { DATABASE_SEED } from './build';
import { projectFolder } from './project';

/** Folders that the bundler empties before it writes, for a build and for development alike. */
const emptied = [config.main, config.preload, config.renderer].map((part) =>
  resolve(projectFolder, part?.build?.outDir ?? ''),
);

it('keeps the prepared database where no bundle empties its folder, and where the program looks', () => {
  for (const folder of emptied) expect(relative(folder, DATABASE_SEED)).toMatch(/^\.\./);
  // The background looks beside the folder of its own program.
  const program = resolve(projectFolder, 'out/main/background.js');
  expect(dirname(DATABASE_SEED)).toBe(dirname(dirname(program)));
});
