import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process for certain: a pid alone may have been given to somebody else since. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. Field 22 of /proc/<pid>/stat on Linux, `ps -o lstart` elsewhere. */
  readonly startTime: string;
}

/** Identity of a running process, undefined when there is none with this pid (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}

/** State and start time out of one /proc/<pid>/stat line; the command name in it may hold blanks and brackets. */
export function parseProcStat(
  line: string,
): { readonly state: string; readonly startTime: string } | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  return state === undefined || startTime === undefined ? undefined : { state, startTime };
}

function startTimeFromProc(pid: number): string | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  } catch {
    return undefined; // no such process
  }
  const stat = parseProcStat(line);
  return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : stat.startTime;
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' || text.startsWith('Z') ? undefined : text.replace(/^\S+\s+/, '');
  } catch {
    return undefined; // ps exits 1 for no such process
  }
}
