import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '#platform/jobs/process/process-table.ts';
import {
  endedAtOnce,
  findRecord,
  goneWithin,
  killGroup,
  launch,
  logOf,
  tailOf,
  type ProcessSpec,
} from './launch.ts';
import { listRecords, removeRecord, type ProcessRecord } from './records.ts';

export interface Started {
  readonly record: ProcessRecord;
  readonly adopted: boolean;
}

const LOOK_AGAIN_MS = 50;

/**
 * Makes sure that the process runs and is ready. A process recorded in this home is adopted if it matches, and ended first
 * if it does not. The process gets its own session, so Ctrl-C at the terminal does not reach it, and it outlives the caller.
 * Throws, with the end of its log, when it dies or is not ready in time. Throws the signal's reason when aborted.
 */
export async function startProcess(home: string, spec: ProcessSpec, signal?: AbortSignal): Promise<Started> {
  const digest = digestOfSpec(spec);
  const before = await findRecord(home, spec.name);
  if (before !== undefined && (await isRunning(before))) {
    if (spec.adopt !== false && before.digest === digest && (await answersSoon(spec, before))) {
      return { record: before, adopted: true };
    }
    await endProcess(home, spec.name);
  }
  signal?.throwIfAborted();
  const record = await launch(home, spec, digest);
  await waitUntilReady(spec, record, signal);
  return { record, adopted: false };
}

/**
 * Ends a recorded process: SIGTERM, and after `graceMs` (default: 20 seconds) SIGKILL to it and its group.
 * `graceMs: 0` kills at once. A no-op when it no longer runs.
 */
export async function endProcess(home: string, name: string, graceMs = 20_000): Promise<void> {
  const record = await findRecord(home, name);
  if (record === undefined) return;
  if (await isRunning(record)) {
    if (graceMs > 0) process.kill(record.pid, 'SIGTERM');
    if (graceMs === 0 || !(await goneWithin(record, graceMs))) {
      killGroup(record.pid);
      if (!(await goneWithin(record, 10_000))) {
        throw new Error(`${name} (process ${String(record.pid)}) does not end, even after SIGKILL.`);
      }
    }
  }
  removeRecord(home, name);
}

/** Kills only this process with SIGKILL, like a crash. Its children keep running, and its record stays. */
export async function killProcess(home: string, name: string): Promise<void> {
  const record = await findRecord(home, name);
  if (record === undefined || !(await isRunning(record)))
    throw new Error(`${name} is not running in ${home}.`);
  process.kill(record.pid, 'SIGKILL');
  if (!(await goneWithin(record, 10_000))) throw new Error(`${name} does not end, even after SIGKILL.`);
}

export interface ProcessStatus {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  readonly log: string;
  readonly startedAt: string;
}

/** The processes recorded in this home, and whether each is running. */
export async function statusOfProcesses(home: string): Promise<readonly ProcessStatus[]> {
  const found = await Promise.all(
    listRecords(home).map(async ({ name }) => {
      const record = await findRecord(home, name);
      if (record === undefined) return [];
      const { pid, log, startedAt } = record;
      return [{ name, pid, running: await isRunning(record), log, startedAt }];
    }),
  );
  return found.flat();
}

/** Whether the process recorded in this home under this name is running. */
export async function isProcessRunning(home: string, name: string): Promise<boolean> {
  const record = await findRecord(home, name);
  return record !== undefined && (await isRunning(record));
}

/** The ready check for our own processes: this run has logged a JSON line with `"ready":true`. */
export function saysReady(record: ProcessRecord): Promise<boolean> {
  return Promise.resolve(/"ready": ?true/.test(logOf(record)));
}

async function waitUntilReady(
  spec: ProcessSpec,
  record: ProcessRecord,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + (spec.readyWithinMs ?? 60_000);
  while (!(await spec.ready(record))) {
    signal?.throwIfAborted();
    if (!(await isRunning(record))) throw endedAtOnce(record);
    if (Date.now() > deadline) {
      throw new Error(`${spec.name} does not respond. The end of ${record.log}:\n${tailOf(record)}`);
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/** A healthy process responds at once; the retries are for a loaded machine. */
async function answersSoon(spec: ProcessSpec, record: ProcessRecord): Promise<boolean> {
  for (let tries = 0; tries < 20; tries += 1) {
    if (await spec.ready(record)) return true;
    await sleep(LOOK_AGAIN_MS * 2);
  }
  return false;
}

function digestOfSpec({ command, env, cwd }: ProcessSpec): string {
  const sorted = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([command, sorted, cwd ?? null]))
    .digest('hex');
}
