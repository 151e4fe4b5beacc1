import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectFolder } from './project';

const SOURCE_FOLDERS = ['src-shared', 'src-main', 'src-renderer'];

const resultSchema = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(
      z.object({
        rule: z.object({ name: z.string() }),
        from: z.string(),
        to: z.string(),
        cycle: z.array(z.object({ name: z.string() })).optional(),
      }),
    ),
  }),
});

/** What breaks the dependency rules, one line each; and how many of our source files were read. */
export interface DependencyReport {
  readonly violations: readonly string[];
  readonly filesRead: number;
  /** Source files that the check did not look at: it would pass them whatever they import. */
  readonly unread: readonly string[];
}

/** Checks the import rules of `.config/dependency-cruiser.cjs` on the sources below a folder. */
export function checkDependencies(folder: string = projectFolder): DependencyReport {
  const folders = SOURCE_FOLDERS.filter((name) => existsSync(join(folder, name)));
  const cruiser = join(projectFolder, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(projectFolder, '.config/dependency-cruiser.cjs');
  const output = execFileSync(
    process.execPath,
    [cruiser, '--config', config, '--output-type', 'json', ...folders],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  const { modules, summary } = resultSchema.parse(JSON.parse(output));
  const read = new Set(modules.map(({ source }) => source));
  const sources = folders.flatMap((name) => sourceFiles(folder, name));
  return {
    violations: summary.violations.map(({ rule, from, to, cycle }) => {
      const path = cycle ? cycle.map(({ name }) => name) : [to];
      return `${rule.name}: ${[from, ...path].join(' → ')}`;
    }),
    filesRead: sources.filter((file) => read.has(file)).length,
    unread: sources.filter((file) => !read.has(file)),
  };
}

function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(root, path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
