import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { findProcess, isRunning } from '#platform/jobs/process/process-table.ts';

/** Identifies one process. A pid alone is not enough, since the system reuses pids. */
export interface ProcessMark {
  readonly pid: number;
  /** Tells apart processes that have had the same pid: boot and start time. */
  readonly token: string;
}

export interface Held {
  release(): void;
}

/** The mark of a running process on this machine; undefined when no process has that pid. */
export async function markOf(pid: number): Promise<ProcessMark | undefined> {
  const found = await findProcess(pid);
  return found === undefined || found.defunct ? undefined : { pid, token: found.token };
}

/**
 * Takes a lock file for this process, or returns its holder. A lock whose holder no longer runs is taken over.
 * The file is created atomically, so no reader sees a partial owner.
 */
export async function tryLock(
  path: string,
): Promise<{ readonly held: Held } | { readonly holder: ProcessMark }> {
  const mine = await markOf(process.pid);
  if (mine === undefined) throw new Error('This process is not in the process table.');
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${String(mine.pid)}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    for (;;) {
      if (linkIfAbsent(draft, path)) return { held: { release: () => rmSync(path, { force: true }) } };
      const holder = readHolder(path);
      if (holder !== undefined && (await isRunning(holder))) return { holder };
      setAside(path, holder, `${draft}.stale`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function linkIfAbsent(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead holder's lock. Another process may have done so already and taken the lock since, so the moved file is
 * checked, and put back if it belongs to another holder.
 */
function setAside(path: string, dead: ProcessMark | undefined, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  if (readHolder(aside)?.token !== dead?.token) linkIfAbsent(aside, path);
  rmSync(aside, { force: true });
}

function readHolder(path: string): ProcessMark | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessMark;
  } catch {
    return undefined; // released in the meantime, or not a lock file: no process holds it
  }
}
