import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessMark } from './lock.ts';
import { writeWhole } from './write-whole.ts';

/**
 * A home's record of a process. It is enough to find this process again and no other. It is written with pid 0 before the
 * process starts, and again with its pid and mark.
 */
export interface ProcessRecord extends ProcessMark {
  readonly name: string;
  readonly command: readonly string[];
  /** Digest of command and environment. A process with another digest does not match. */
  readonly digest: string;
  readonly log: string;
  /** Offset in the log where this process begins, in bytes. */
  readonly logStart: number;
  readonly startedAt: string;
  /** Value of `MILLRACE_LAUNCH` in the process. It identifies the process until its pid is recorded. */
  readonly launch: string;
}

export function writeRecord(home: string, record: ProcessRecord): void {
  mkdirSync(folderOf(home), { recursive: true });
  writeWhole(recordPath(home, record.name), `${JSON.stringify(record, null, 2)}\n`);
}

export function readRecord(home: string, name: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(home, name), 'utf8')) as ProcessRecord;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

export function listRecords(home: string): readonly ProcessRecord[] {
  let names: string[];
  try {
    names = readdirSync(folderOf(home));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => readRecord(home, name.slice(0, -'.json'.length)) ?? []);
}

export function removeRecord(home: string, name: string): void {
  rmSync(recordPath(home, name), { force: true });
}

function folderOf(home: string): string {
  return join(home, 'processes');
}

function recordPath(home: string, name: string): string {
  return join(folderOf(home), `${name}.json`);
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
