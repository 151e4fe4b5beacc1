import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first';

const root = fileURLToPath(new URL('..', import.meta.url));
const alias = {
  '@shared': `${root}src-shared`,
  '@renderer': `${root}src-renderer`,
};

const integration = {
  include: ['src-main/**/*.int.test.ts', 'e2e/fixtures/**/*.int.test.ts'],
  globalSetup: [`${root}e2e/fixtures/global-setup.ts`],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

/** More than there are cores: half of the time they wait for a server, a timer or a killed process. */
const beside = { ...integration, maxWorkers: 3, sequence: { groupOrder: 0 } };
const ALONE = 'src-main/**/*.alone.int.test.ts';
const KILLS = 'src-main/**/{crash,kills}.int.test.ts';

/** `unit` needs nothing but Node; `integration` starts real servers (see e2e/fixtures/services.ts). */
export default defineConfig({
  root,
  resolve: { alias },
  cacheDir: `${root}.cache/vite`,
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['src-*/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: ['**/*.int.test.ts'],
          // They hold nothing that others could find: reading the modules once for all takes half of the time.
          isolate: false,
          // Property tests take their time on a busy machine.
          testTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          ...beside,
          name: 'integration',
          exclude: [ALONE, KILLS],
          // As the journeys: two slow cores under three files lose a second now and then, and what passes only when
          // tried again is told.
          retry: 1,
        },
      },
      // What dies in the middle is never tried twice: who saw it lose something once is to be believed.
      { resolve: { alias }, test: { ...beside, name: 'integration-kills', include: [KILLS] } },
      {
        resolve: { alias },
        test: {
          ...integration,
          // What takes the time of what others do: after the others, one after the other.
          name: 'integration-alone',
          include: [ALONE],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
