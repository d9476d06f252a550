import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

export interface Held {
  release(): void;
}

/**
 * Takes a lock file for this process, or says who has it. A lock whose holder no longer runs is taken over.
 * The file appears whole or not at all, so a reader never sees half an owner.
 */
export function tryLock(path: string): { readonly held: Held } | { readonly holder: ProcessIdentity } {
  mkdirSync(dirname(path), { recursive: true });
  const mine = identify(process.pid);
  if (mine === undefined) throw new Error('this process does not find itself in the process table');
  const draft = `${path}.${String(mine.pid)}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    for (;;) {
      try {
        linkSync(draft, path);
        return { held: { release: () => rmSync(path, { force: true }) } };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const holder = readHolder(path);
      if (holder !== undefined && isRunning(holder)) return { holder };
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined; // gone in between, or not ours: nobody holds it
  }
}
