import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './foreground';
import { isRoot } from './project';

/** What a script may need of the operating system beyond Node. */
export type Capability = 'electron' | 'display' | 'redis' | 'chromium' | 'fonts';

interface Requirement {
  readonly capability: Capability;
  /** What is missing, in words. */
  readonly title: string;
  /** Debian's package; a newer Debian may know it as `<name>t64`. */
  readonly package: string;
  readonly present: () => boolean;
}

const REQUIREMENTS: readonly Requirement[] = [
  library('libgtk-3.so.0', 'libgtk-3-0'),
  library('libnss3.so', 'libnss3'),
  library('libasound.so.2', 'libasound2'),
  library('libgbm.so.1', 'libgbm1'),
  program('display', 'Xvfb', 'xvfb'),
  program('redis', 'redis-server', 'redis-server'),
  program('chromium', 'chromium', 'chromium'),
  {
    capability: 'fonts',
    title: 'a font for scripts other than Latin',
    package: 'fonts-noto-core',
    present: () => existsSync('/usr/share/fonts/truetype/noto'),
  },
  {
    capability: 'fonts',
    title: 'a font for Chinese, Japanese and Korean',
    package: 'fonts-droid-fallback',
    present: () => existsSync('/usr/share/fonts/truetype/droid'),
  },
];

/**
 * Makes the operating system ready for what is asked: as root on Debian by installing what is missing (and
 * nothing else), elsewhere by naming it. Quick when nothing is missing. Fonts are never a reason to fail.
 * @throws SetupError naming what is missing and the command that installs it
 */
export function prepareSystem(wanted: readonly Capability[]): void {
  if (process.platform !== 'linux') return;
  let missing = missingFor(wanted);
  if (missing.length === 0) return;
  if (isRoot && onPath('apt-get')) {
    install(missing);
    missing = missingFor(wanted);
  }
  if (missing.length === 0) return;
  const text = missingText(missing);
  if (missing.some(({ capability }) => capability !== 'fonts')) throw new SetupError(text);
  console.warn(text);
}

/** Whether a program of this name can be started. */
export function onPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

function missingFor(wanted: readonly Capability[]): Requirement[] {
  return REQUIREMENTS.filter(({ capability, present }) => wanted.includes(capability) && !present());
}

function missingText(missing: readonly Requirement[]): string {
  const titles = missing.map(({ title }) => title).join(', ');
  const packages = missing.map((requirement) => requirement.package).join(' ');
  const command = `apt-get update && apt-get install -y ${packages}`;
  return onPath('apt-get')
    ? `Missing on this system: ${titles}.\nInstall it with:\n\n  sudo sh -c '${command}'\n`
    : `Missing on this system: ${titles}.\nInstall it with your system's package manager; on Debian 12:\n\n  ${command}\n`;
}

function install(missing: readonly Requirement[]): void {
  console.log(`Installing what is missing on this system: ${missing.map(({ title }) => title).join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean => {
    const options = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
    const result = spawnSync('apt-get', [...options, ...args], {
      env,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (result.status !== 0)
      console.error(`apt-get ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
    return result.status === 0;
  };
  apt('update'); // where that fails, the package lists that are there may do
  apt('install', '--no-install-recommends', ...missing.map((requirement) => debianName(requirement.package)));
}

/** Debian 13 and Ubuntu 24 renamed libraries whose time_t grew: libgtk-3-0 is libgtk-3-0t64 there. */
function debianName(name: string): string {
  const policy = spawnSync('apt-cache', ['policy', `${name}t64`], { encoding: 'utf8' });
  return /Candidate: (?!\(none\))/.test(policy.stdout) ? `${name}t64` : name;
}

function program(capability: Capability, name: string, debianPackage: string): Requirement {
  return { capability, title: name, package: debianPackage, present: () => onPath(name) };
}

function library(file: string, debianPackage: string): Requirement {
  return {
    capability: 'electron',
    title: file,
    package: debianPackage,
    present: () => knownLibraries().has(file),
  };
}

function knownLibraries(): ReadonlySet<string> {
  const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find(existsSync);
  if (ldconfig === undefined) return new Set(); // no glibc: Electron would not run here anyway
  const listing = execFileSync(ldconfig, ['-p'], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  return new Set(listing.split('\n').map((line) => line.trim().split(' ', 1)[0] ?? ''));
}

/** The system's name and version, for messages. */
export function systemName(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(release)?.[1] ?? process.platform;
}
