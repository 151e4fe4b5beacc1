import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { writeRejects } from '../src-main/imports/rejects';
import {
  SAVED_EDITS,
  SAVED_FILE,
  SAVED_IMPORT,
  savedRejects,
} from '../src-main/imports/testing/libreoffice-rejects';
import { runMain, SetupError } from './foreground';
import { projectFolder } from './project';

const run = promisify(execFile);
const FIXTURES = join(projectFolder, 'src-main/imports/reader/libreoffice');
/** Debian's own: python3-uno is installed for no other. */
const PYTHON = '/usr/bin/python3';
const CONVERT_MS = 120_000;

/** LibreOffice's numbers of encodings and its names of formats. */
const UTF_8 = 76;
const WINDOWS_1256 = 38;
const CSV = 'Text - txt - csv (StarCalc)';
const FILTERS = {
  xlsx: 'Calc MS Excel 2007 XML',
  ods: 'calc8',
  xls: 'MS Excel 97',
  csv: `${CSV}:44,34,${UTF_8}`,
} as const;

/** Separator, quotation mark, encoding, first line, column formats, language, quote all, detect numbers, as shown. */
const csv = (separator: ',' | ';', encoding: number): string =>
  `csv:${CSV}:${separator.charCodeAt(0)},34,${encoding},1,,0,false,false,true`;

/**
 * `node --import tsx scripts/libreoffice-fixtures.ts`: makes the spreadsheets in src-main/imports/reader/libreoffice
 * anew from the .fods beside them, with a real LibreOffice, so that tests read what it writes without having it
 * (it takes 300 MB). Needs soffice and python3-uno: on Debian
 * `apt-get install --no-install-recommends libreoffice-calc-nogui python3-uno`. To be run after a .fods, the
 * rejects file or its edits (testing/libreoffice-rejects.ts) were changed; the results are committed.
 */
async function main(): Promise<number> {
  const work = await mkdtemp(join(tmpdir(), 'adsapp-libreoffice-'));
  try {
    const office = new Office(work);
    for (const format of ['xlsx', 'xls', 'ods', 'xml:MS Excel 2003 XML'])
      await office.convert('people.fods', format);
    await office.convert('people.fods', csv(',', UTF_8));
    for (const format of ['xlsx', 'xls', 'ods']) await office.convert('people-1904.fods', format);
    await office.convert('arabic.fods', 'xlsx');
    await office.convert('arabic.fods', csv(',', UTF_8), 'arabic-utf-8.csv');
    await office.convert('arabic.fods', csv(';', UTF_8), 'arabic-semicolon.csv');
    await office.convert('arabic.fods', csv(';', WINDOWS_1256), 'arabic-windows-1256.csv');
    await rejects(office);
    console.log(await office.version());
    return 0;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The rejected rows as we write them, saved again, by way of another format, and edited. */
async function rejects(office: Office): Promise<void> {
  const [columns] = SAVED_FILE;
  await writeRejects(join(FIXTURES, 'rejects.xlsx'), SAVED_IMPORT, columns, [savedRejects()]);
  await office.convert('rejects.xlsx', 'xlsx', 'rejects-saved.xlsx');
  await office.convert('rejects.xlsx', 'ods', 'rejects-between.ods');
  await office.convert('rejects-between.ods', 'xlsx', 'rejects-through-ods.xlsx');
  await rm(join(FIXTURES, 'rejects-between.ods'));
  for (const format of ['xlsx', 'ods', 'xls', 'csv'] as const)
    await office.edit('rejects.xlsx', `rejects-mended.${format}`, FILTERS[format]);
}

/** LibreOffice with a profile of its own, so that nothing somebody has set up there matters. */
class Office {
  private readonly options: readonly string[];

  constructor(private readonly work: string) {
    const profile = pathToFileURL(join(work, 'profile')).href;
    this.options = [`-env:UserInstallation=${profile}`, '--headless', '--norestore'];
  }

  async version(): Promise<string> {
    return (await run('soffice', ['--version'])).stdout.trim();
  }

  /** Saves a fixture in another format, under its own name unless another is given. */
  async convert(source: string, format: string, target?: string): Promise<void> {
    const out = join(this.work, 'out');
    await mkdir(out, { recursive: true });
    const args = [...this.options, '--convert-to', format, '--outdir', out, join(FIXTURES, source)];
    const made = `${source.replace(/\.\w+$/, '')}.${format.split(':', 1)[0] ?? ''}`;
    await run('soffice', args, { timeout: CONVERT_MS });
    await rename(join(out, made), join(FIXTURES, target ?? made)).catch((error: unknown) => {
      throw new SetupError(`LibreOffice made no ${made} of ${source}: ${String(error)}`);
    });
  }

  /** Opens a fixture, changes cells of it and saves it under another name. */
  async edit(source: string, target: string, filter: string): Promise<void> {
    const pipe = `adsapp-${process.pid}`;
    const office = spawn('soffice', [...this.options, `--accept=pipe,name=${pipe};urp;`], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => office.once('exit', resolve));
    // A copy: LibreOffice leaves a lock beside a file when it is ended before it has closed it.
    const copy = join(this.work, source);
    await copyFile(join(FIXTURES, source), copy);
    const urls = [copy, join(FIXTURES, target)].map((path) => pathToFileURL(path).href);
    try {
      const script = join(projectFolder, 'scripts/libreoffice-edit.py');
      const args = [script, pipe, ...urls, filter, JSON.stringify(SAVED_EDITS)];
      await run(PYTHON, args, { timeout: CONVERT_MS });
      await ended;
    } finally {
      office.kill();
    }
  }
}

runMain(main);
