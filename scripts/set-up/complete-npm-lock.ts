/**
 * `npm run lock`, the npm part: adds to package-lock.json every optional package, including those for other platforms
 * that a registry mirror does not carry. `npm install` omits such packages, and `npm ci` then rejects the lock on every
 * platform. Each entry has the digest against which npm checks its download; a lock without one is not written.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#local/tools.ts';

interface LockedPackage {
  version?: string;
  integrity?: string;
  link?: boolean;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}
export interface NpmLock {
  packages: Record<string, LockedPackage>;
}

const SYSTEMS = ['darwin', 'win32', 'linux', 'freebsd', 'openharmony', 'android', 'aix', 'sunos'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32'];

/** Optional packages that the lock mentions but does not contain, by the path that they would have. */
export function missingOptional(lock: NpmLock): Map<string, LockedPackage> {
  const missing = new Map<string, LockedPackage>();
  for (const [path, owner] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
      if (!resolves(lock, path, name)) {
        const entry = { version, ...(owner.dev === true ? { dev: true } : {}), optional: true };
        missing.set(`node_modules/${name}`, { ...entry, ...platformOf(name) });
      }
    }
  }
  return missing;
}

/** Packages of this repository are listed under their own folder. */
function isDownloaded(path: string): boolean {
  return path.startsWith('node_modules/');
}

/** Paths of packages whose download has no digest. */
export function withoutDigest(lock: NpmLock): readonly string[] {
  return Object.entries(lock.packages)
    .filter(([path, { link, integrity }]) => isDownloaded(path) && link !== true && integrity === undefined)
    .map(([path]) => path);
}

/** The digest that the registry publishes for a package, read through npm. */
function publishedDigest(name: string, version: string): string {
  const args = ['view', `${name}@${version}`, 'dist.integrity', '--loglevel=error'];
  const digest = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  if (!/^sha512-[A-Za-z0-9+/]+=*$/.test(digest))
    throw new Error(`npm knows no digest of ${name}@${version}.`);
  return digest;
}

/** The platform of a binary package, from its name, such as `@swc/core-linux-x64-musl`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const words = (name.split('/').at(-1) ?? '').split(/[-_]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  const libc = words.includes('musl') ? 'musl' : os === 'linux' ? 'glibc' : undefined;
  return {
    ...(os === undefined ? {} : { os: [os] }),
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
  };
}

/** Resolves a package like npm: beside the owner's own packages first, then up the tree. */
function resolves(lock: NpmLock, owner: string, name: string): boolean {
  for (let folder = owner; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock.packages) return true;
    if (folder === '') return false;
  }
}

if (import.meta.main) {
  const path = join(ROOT, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as NpmLock;
  const missing = missingOptional(lock);
  const all = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  const undigested = withoutDigest(lock);
  for (const path of undigested) {
    const { version = '', ...rest } = lock.packages[path] ?? {};
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    lock.packages[path] = { version, integrity: publishedDigest(name, version), ...rest };
  }
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(
    `package-lock.json: ${String(missing.size)} optional packages and ${String(undigested.length)} digests added`,
  );
}
