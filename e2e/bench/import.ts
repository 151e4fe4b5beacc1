import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { buildIfStale, DATABASE_SEED } from '../../scripts/build';
import { projectFolder } from '../../scripts/project';
import { bundle } from '../../src-main/imports/testing/bundle';
import { startPostgres, startRedis } from '../fixtures/services';
import type { Bench, BenchRun } from './bench';
import { CONTACT_FORMATS, type ContactFile, writeContacts } from './contact-file';
import { watchBlocks } from './import-blocks';
import { ImportFigures, type ImportPlan } from './import-plan';
import { runMeasured } from './measured-process';
import { median } from './statistics';

const format = z.enum(['xlsx', 'inline', 'csv']);

/**
 * A file of contacts, from its path to validated, deduplicated rows in the database, through the app's own
 * pipeline in a process of its own: on PostgreSQL with Redis, and on the embedded database. Beside it on the same
 * PostgreSQL the usual importers. The longest blocks are those of the real app in its window, on both profiles.
 *
 * `rowByRowMs` is the whole time of reading and judging, and of the inserts of a sample of the rows, scaled to
 * all of them: `--row-by-row-rows` as large as `--rows` measures all. `cpuMs` is the CPU time of the app's own
 * process on PostgreSQL, `databaseCpuMs` that of the server: other than `ms`, they say the same on a machine that
 * has something else to do. `undoMs` is the time of taking the last
 * round's import back, whole.
 */
export const contactImport: Bench = {
  summary:
    'a file of contacts to validated, deduplicated rows in the database; the longest blocks of the app',
  options: {
    rows: { help: 'rows of the file', default: 100_000 },
    rounds: { help: 'counted rounds on each database, after one that warms up', default: 3 },
    format: {
      help: 'Excel with shared strings, Excel with inline strings, or text',
      default: 'xlsx',
      choices: CONTACT_FORMATS,
    },
    update: { help: 'measure updating existing contacts, over a table that holds them all', default: false },
    'row-by-row-rows': { help: 'rows that the row-by-row peer really inserts', default: 5_000 },
  },
  async run(run) {
    const { option, progress, resources } = run;
    await buildIfStale();
    const folder = mkdtempSync(join(tmpdir(), 'adsapp-bench-'));
    resources.add(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const kind = format.parse(run.choice('format'));
    const extension = kind === 'csv' ? 'csv' : 'xlsx';
    const file = await writeContacts(join(folder, `contacts.${extension}`), kind, option('rows'));
    progress(`${file.rows} rows, ${file.contacts} of them valid and new`);
    const child = await bundle('e2e/bench/import-child.ts');
    resources.add(child.dispose);
    const measure = (plan: ImportPlan): Promise<ImportFigures> => measureIn(child.path, plan, run);

    const redis = await startRedis();
    resources.add(redis.dispose);
    // As a server is installed: it waits for the disk at each commit.
    const postgres = await startPostgres({ settings: { fsync: 'on' } });
    resources.add(postgres.dispose);
    const databaseUrl = await postgres.createDatabase();
    const servers = { databaseUrl, redisUrl: redis.url };

    const onPostgres = await measure(ours(run, file, servers));
    const onPglite = await measure(ours(run, file, null));
    const blocks = await longestBlocks(run, file, {
      REDIS_URL: redis.url,
      DATABASE_URL: await postgres.createDatabase(),
    });
    const sample = Math.min(option('row-by-row-rows'), file.rows);
    const rowByRow = await measure({
      ...{ kind: 'row-by-row', file, sample },
      databaseUrl: await postgres.createDatabase(),
    });
    const sheetjs = await measure({ kind: 'sheetjs', file, databaseUrl: await postgres.createDatabase() });

    const isUpdate = run.isOn('update');
    const ms = median(onPostgres.ms);
    const rowByRowMs = median(rowByRow.ms);
    const sheetjsMs = median(sheetjs.ms);
    return {
      engine: 'redis, pglite',
      results: {
        rows: file.rows,
        ms,
        rowsPerSecond: (file.rows * 1_000) / ms,
        cpuMs: median(onPostgres.cpuMs ?? []),
        databaseCpuMs: median(onPostgres.databaseCpuMs ?? []),
        peakMemoryMb: onPostgres.peakMemoryMb,
        undoMs: onPostgres.undoMs ?? 0,
        ...(isUpdate ? { unchangedMs: median(onPostgres.unchangedMs ?? []) } : {}),
        pgliteMs: median(onPglite.ms),
        pglitePeakMemoryMb: onPglite.peakMemoryMb,
        pgliteUndoMs: onPglite.undoMs ?? 0,
        ...(isUpdate ? { pgliteUnchangedMs: median(onPglite.unchangedMs ?? []) } : {}),
        longestMainBlockMs: blocks.main,
        longestRendererBlockMs: blocks.renderer,
        timesFasterThanRowByRow: rowByRowMs / ms,
        timesFasterThanSheetjs: sheetjsMs / ms,
      },
      peers: {
        rowByRowMs,
        rowByRowSampleRows: sample,
        sheetjsMs,
        sheetjsPeakMemoryMb: sheetjs.peakMemoryMb,
      },
    };
  },
};

const ours = (
  { option, isOn }: BenchRun,
  file: ContactFile,
  servers: { readonly databaseUrl: string; readonly redisUrl: string } | null,
): ImportPlan => ({
  ...{ kind: 'ours', file, servers, rounds: option('rounds'), update: isOn('update') },
  seed: DATABASE_SEED,
  threadPath: join(projectFolder, 'out/main/spreadsheet.js'),
});

async function longestBlocks(
  { progress, resources }: BenchRun,
  file: ContactFile,
  servers: Readonly<Record<string, string>>,
): Promise<{ main: number; renderer: number }> {
  const all = [];
  for (const env of [servers, {}]) {
    const blocks = await watchBlocks(file.path, env, resources);
    progress(
      `longest blocks of the app ${env === servers ? 'on Redis and PostgreSQL' : 'on its own database'}: ` +
        `main ${Math.round(blocks.main)} ms, page ${Math.round(blocks.renderer)} ms`,
    );
    all.push(blocks);
  }
  return {
    main: Math.max(...all.map(({ main }) => main)),
    renderer: Math.max(...all.map(({ renderer }) => renderer)),
  };
}

async function measureIn(
  program: string,
  plan: ImportPlan,
  { progress, resources }: BenchRun,
): Promise<ImportFigures> {
  const figures = ImportFigures.parse(await runMeasured(program, plan, resources));
  const where = plan.kind !== 'ours' ? '' : plan.servers === null ? ', PGlite' : ', PostgreSQL';
  progress(
    `${plan.kind}${where}: ${figures.ms.map(Math.round).join(', ')} ms, ${Math.round(figures.peakMemoryMb)} MB`,
  );
  return figures;
}
