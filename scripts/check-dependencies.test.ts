import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { checkDependencies, type DependencyReport } from './check-dependencies';
import { projectFolder } from './project';

/** A project with one violation of every rule, and allowed imports that no rule may find. */
const FILES: Readonly<Record<string, string>> = {
  'src-shared/pure.ts': "import { z } from 'zod'; export const pure = z;",
  'src-shared/impure.ts': "import '../src-main/app'; import 'node:fs'; import 'bullmq';",
  'src-shared/rule.test.ts': "import 'vitest'; import { pure } from '@shared/pure'; export default pure;",
  'src-shared/imports-a-test.ts': "import './rule.test';",
  'src-main/app.ts': "import { pure } from '@shared/pure'; import 'node:fs'; export const app = pure;",
  'src-main/index.ts': "import { app } from 'electron'; export default app;",
  'src-main/headless.ts': "import type { App } from 'electron'; export type A = App;",
  'src-main/engine/redis.ts': "import Redis from 'ioredis'; export default Redis;",
  'src-main/contacts/repository.ts': "import type { Kysely } from 'kysely'; export type K = Kysely<never>;",
  'src-main/contacts/service.ts':
    "import type { Pool } from 'pg'; import type { Queue } from 'bullmq'; export type P = Pool | Queue;",
  'src-main/to-renderer.ts': "import '@renderer/ui/button';",
  'src-main/engine/testing/stage.ts': "import '../../../e2e/fixtures/x';",
  'src-main/uses-stage.ts': "import './engine/testing/stage';",
  'src-main/to-tests.ts': "import '../e2e/fixtures/x';",
  'e2e/fixtures/x.ts': 'export {};',
  'src-main/cycle-a.ts': "import './cycle-b';",
  'src-main/cycle-b.ts': "import './cycle-a';",
  'src-main/lost.ts': "import '@shared/nowhere';",
  'src-renderer/features/jobs/page.tsx':
    "import '../jobs/list'; import '@renderer/ui/button'; import 'react';",
  'src-renderer/features/jobs/list.tsx': "import '@renderer/features/contacts/page';",
  'src-renderer/features/contacts/page.tsx': 'export {};',
  'src-renderer/ui/button.tsx': 'export {};',
  'src-renderer/ui/bad.tsx': "import '../features/contacts/page';",
  'src-renderer/bad.ts': "import '../src-main/app'; import 'node:path'; import 'electron';",
};

let folder: string;
let report: DependencyReport;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'adsapp-rules-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  cpSync(join(projectFolder, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  report = checkDependencies(folder);
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('reads every source file', () => {
  expect(report.unread).toEqual([]);
  expect(report.filesRead).toBe(Object.keys(FILES).filter((path) => path.startsWith('src-')).length);
});

it('finds every violation and nothing else', () => {
  const found = report.violations.map((line) => line.split(' → ', 1).join('')).sort();
  expect([...new Set(found)]).toEqual(
    [
      'electron-only-in-its-shell: src-main/headless.ts',
      'electron-only-in-its-shell: src-renderer/bad.ts',
      'everything-resolves: src-main/lost.ts',
      'features-are-independent: src-renderer/features/jobs/list.tsx',
      'main-not-to-renderer: src-main/to-renderer.ts',
      'main-not-to-tests-or-scripts: src-main/to-tests.ts',
      'no-cycles: src-main/cycle-a.ts',
      'no-import-of-tests: src-main/uses-stage.ts',
      'no-import-of-tests: src-shared/imports-a-test.ts',
      'queues-only-in-engine: src-main/contacts/service.ts',
      'queues-only-in-engine: src-shared/impure.ts',
      'renderer-not-to-main: src-renderer/bad.ts',
      'renderer-not-to-node: src-renderer/bad.ts',
      'shared-imports-only-shared: src-shared/impure.ts',
      'shared-uses-only-pure-packages: src-shared/impure.ts',
      'sql-only-in-database-and-repositories: src-main/contacts/service.ts',
      'ui-knows-no-feature: src-renderer/ui/bad.tsx',
    ].sort(),
  );
});

it('has no rule without a violation above', () => {
  const config = z
    .object({ forbidden: z.array(z.object({ name: z.string() })) })
    .parse(createRequire(__filename)('../.config/dependency-cruiser.cjs'));
  const found = new Set(report.violations.map((line) => line.split(':', 1).join('')));
  expect(config.forbidden.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([]);
});
