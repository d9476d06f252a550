import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessMark } from './job-folder.ts';
import {
  hasVariable,
  listProcesses,
  proportionalBytes,
  residentBytes,
  type ProcessEntry,
} from './process-table.ts';

/** How long to wait for killed processes to be gone. */
const KILL_MS = 10_000;
const LOOK_AGAIN_MS = 20;

/** Distinguishes a job's processes from all others. */
export interface JobProcesses {
  /** The leader of the job's session and group. Missing if a supervisor died before it could record it. */
  readonly leader?: ProcessMark;
  /** Value of `MILLRACE_TERMINATION_LOG`. Every process of the job inherits it, even one that has left the session. */
  readonly termination: string;
}

/** Living processes of the job: those of its session and group, and their descendants. */
async function family(job: JobProcesses): Promise<ProcessEntry[]> {
  const { leader } = job;
  if (leader === undefined) return [];
  const all = (await listProcesses()).filter((entry) => !entry.defunct);
  // The system does not reuse a pid while a session or group with that number exists.
  if (all.some((entry) => entry.pid === leader.pid && entry.token !== leader.token)) return [];
  const found = new Set<number>();
  const isOurs = (entry: ProcessEntry): boolean =>
    entry.group === leader.pid || entry.session === leader.pid || found.has(entry.parent);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const entry of all) if (isOurs(entry)) found.add(entry.pid);
  }
  return all.filter((entry) => found.has(entry.pid));
}

/** `family` and daemons that left the session. More expensive, because it reads the environment of every process. */
async function everyone(job: JobProcesses): Promise<ProcessEntry[]> {
  const near = await family(job);
  const known = new Set(near.map((entry) => entry.pid));
  const strays = (await listProcesses()).filter(
    (entry) =>
      !entry.defunct &&
      !known.has(entry.pid) &&
      hasVariable(entry.pid, 'MILLRACE_TERMINATION_LOG', job.termination),
  );
  return [...near, ...strays];
}

/**
 * Resident bytes of the job. Pages that forked processes share are counted once if that decides whether the job is over
 * `limit`.
 */
export async function memoryOf(job: JobProcesses, limit: number): Promise<number> {
  const members = await family(job);
  const simple = await sum(members, residentBytes);
  return simple <= limit || members.length < 2 ? simple : sum(members, proportionalBytes);
}

async function sum(
  members: readonly ProcessEntry[],
  bytes: (pid: number) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (const { pid } of members) total += await bytes(pid);
  return total;
}

/** Ends every process of the job: with a grace time they are asked first, then killed. Returns whether all are gone. */
export async function endProcesses(job: JobProcesses, graceMs: number): Promise<boolean> {
  if (graceMs > 0) {
    signal(await everyone(job), 'SIGTERM');
    if (await until(graceMs, async () => (await everyone(job)).length === 0)) return true;
  }
  // A killed process may have started another one just before, so repeat until none is left.
  return until(KILL_MS, async () => {
    const left = await everyone(job);
    signal(left, 'SIGKILL');
    return left.length === 0;
  });
}

function signal(members: readonly ProcessEntry[], name: 'SIGTERM' | 'SIGKILL'): void {
  for (const { pid } of members) {
    try {
      process.kill(pid, name);
    } catch (error) {
      const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
      if (!gone) throw error;
    }
  }
}

async function until(longestMs: number, done: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + longestMs;
  for (;;) {
    if (await done()) return true;
    if (performance.now() >= deadline) return false;
    await sleep(LOOK_AGAIN_MS);
  }
}
