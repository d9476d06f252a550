import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { promisify } from 'node:util';

/** One process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Equal to `group` if the system does not report sessions. */
  readonly session: number;
  /** Together with `pid` identifies the process, because pids are reused. */
  readonly token: string;
  /** A zombie: it has ended, and its parent has not noticed yet. */
  readonly defunct: boolean;
}

const run = promisify(execFile);
const LINUX = process.platform === 'linux';

/** Process start times count from the boot, so the token includes the boot id. */
let bootId: string | undefined;
function thisBoot(): string {
  return (bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
}

/**
 * `text`: /proc/<pid>/stat. The process name may contain spaces and brackets, so fields are counted from the last `)`.
 */
function parseStat(pid: number, text: string): ProcessEntry {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    defunct: fields[0] === 'Z' || fields[0] === 'X',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    token: `${thisBoot()}:${fields[19]}`,
  };
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended in the meantime, or belongs to another user; either way it is not one of ours.
    return undefined;
  }
}

async function ps(selection: readonly string[]): Promise<readonly ProcessEntry[]> {
  const columns = 'pid=,ppid=,pgid=,stat=,lstart=';
  const { stdout } = await run('ps', [...selection, '-o', columns]).catch(() => ({ stdout: '' }));
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length >= 5)
    .map(([pid, parent, group, stat, ...start]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: Number(group),
      token: start.join(' '),
      defunct: stat?.startsWith('Z') === true,
    }));
}

export async function listProcesses(): Promise<readonly ProcessEntry[]> {
  if (!LINUX) return ps(['-ax']);
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readProc(pid, 'stat') : undefined;
    return stat === undefined ? [] : [parseStat(pid, stat)];
  });
}

export async function findProcess(pid: number): Promise<ProcessEntry | undefined> {
  if (!LINUX) return (await ps(['-p', String(pid)]))[0];
  const stat = readProc(pid, 'stat');
  return stat === undefined ? undefined : parseStat(pid, stat);
}

/** Whether exactly this process (pid and token) still runs. */
export async function isRunning(process: Pick<ProcessEntry, 'pid' | 'token'>): Promise<boolean> {
  const found = await findProcess(process.pid);
  return found !== undefined && !found.defunct && found.token === process.token;
}

/** Resident bytes; 0 for a process that is gone. */
export async function residentBytes(pid: number): Promise<number> {
  if (LINUX) return kibibytes(readProc(pid, 'status'), 'VmRSS');
  const { stdout } = await run('ps', ['-p', String(pid), '-o', 'rss=']).catch(() => ({ stdout: '' }));
  return Number(stdout.trim()) * 1024;
}

/** Resident bytes, with pages that these processes share counted once, if the system reports it (Linux). */
export async function proportionalBytes(pid: number): Promise<number> {
  const rollup = LINUX ? readProc(pid, 'smaps_rollup') : undefined;
  return rollup === undefined ? residentBytes(pid) : kibibytes(rollup, 'Pss');
}

function kibibytes(text: string | undefined, member: string): number {
  const line = text?.split('\n').find((one) => one.startsWith(`${member}:`));
  return Number(line?.replace(/[^0-9]/g, '') ?? 0) * 1024;
}

/** Whether the process was started with this value of the variable; false if the system does not tell. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  return LINUX && readProc(pid, 'environ')?.split('\0').includes(`${name}=${value}`) === true;
}
