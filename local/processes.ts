import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProcess, isRunning } from '#platform/jobs/process/process-table.ts';
import { markOf } from './lock.ts';
import { listRecords, readRecord, removeRecord, writeRecord, type ProcessRecord } from './records.ts';

/** A process to keep for a home folder: a server, the API, a worker. */
export interface ProcessSpec {
  /** Unique in the home; names its log and its record. */
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Its whole environment, but for what every program needs (`PATH`, `HOME`, locale, certificates). */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether it answers; asked again and again until it says yes. */
  readonly ready: (record: ProcessRecord) => Promise<boolean>;
  /** 60 seconds when left out. */
  readonly readyWithinMs?: number;
  /** A running one that was started the same way and answers is kept. True when left out. */
  readonly adopt?: boolean;
}

export interface Started {
  readonly record: ProcessRecord;
  readonly adopted: boolean;
}

const LOOK_AGAIN_MS = 50;
const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'JAVA_HOME',
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
];

/**
 * Makes sure the process runs and answers. One this home recorded is adopted when it fits, else ended first. The process
 * gets a session of its own: Ctrl-C at the terminal does not reach it, and it outlives the caller.
 * Throws, with the end of its log, when it dies or does not answer in time.
 */
export async function startProcess(home: string, spec: ProcessSpec): Promise<Started> {
  const digest = digestOfSpec(spec);
  const before = readRecord(home, spec.name);
  if (before !== undefined && (await isRunning(before))) {
    if (spec.adopt !== false && before.digest === digest && (await answersSoon(spec, before))) {
      return { record: before, adopted: true };
    }
    await endProcess(home, spec.name);
  }
  const record = await launch(home, spec, digest);
  await waitUntilReady(spec, record);
  return { record, adopted: false };
}

/**
 * Ends a recorded process: SIGTERM, and after `graceMs` (20 seconds when left out) SIGKILL to it and what it started.
 * `graceMs: 0` kills at once. Nothing happens where it no longer runs.
 */
export async function endProcess(home: string, name: string, graceMs = 20_000): Promise<void> {
  const record = readRecord(home, name);
  if (record === undefined) return;
  if (await isRunning(record)) {
    if (graceMs > 0) process.kill(record.pid, 'SIGTERM');
    if (graceMs === 0 || !(await goneWithin(record, graceMs))) {
      killGroup(record.pid);
      if (!(await goneWithin(record, 10_000))) {
        throw new Error(`${name} (process ${String(record.pid)}) does not end, even killed`);
      }
    }
  }
  removeRecord(home, name);
}

/** `kill -9` of this process alone, as a crash does: what it started lives on, and its record stays. */
export async function killProcess(home: string, name: string): Promise<void> {
  const record = readRecord(home, name);
  if (record === undefined || !(await isRunning(record))) throw new Error(`${name} does not run in ${home}`);
  process.kill(record.pid, 'SIGKILL');
  if (!(await goneWithin(record, 10_000))) throw new Error(`${name} does not end, even killed`);
}

export interface ProcessStatus {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  readonly log: string;
  readonly startedAt: string;
}

/** What this home recorded, and whether each still runs. */
export async function statusOfProcesses(home: string): Promise<readonly ProcessStatus[]> {
  return Promise.all(
    listRecords(home).map(async (record) => {
      const { name, pid, log, startedAt } = record;
      return { name, pid, running: await isRunning(record), log, startedAt };
    }),
  );
}

/** A ready check for processes of ours: a JSON line with `"ready":true` in what this run of it wrote. */
export function saysReady(record: ProcessRecord): Promise<boolean> {
  return Promise.resolve(/"ready": ?true/.test(logOf(record)));
}

/** What this run of a process wrote so far. */
export function logOf(record: ProcessRecord): string {
  return readFileSync(record.log).subarray(record.logStart).toString('utf8');
}

async function launch(home: string, spec: ProcessSpec, digest: string): Promise<ProcessRecord> {
  const log = resolve(home, 'logs', `${spec.name}.log`);
  mkdirSync(join(home, 'logs'), { recursive: true });
  const out = openSync(log, 'a');
  try {
    const logStart = fstatSync(out).size;
    const [program, ...args] = spec.command;
    const child = spawn(program, args, {
      cwd: spec.cwd ?? process.cwd(),
      env: { ...passedOn(), ...spec.env },
      detached: true,
      stdio: ['ignore', out, out],
    });
    const failed = new Promise<never>((_, reject) => {
      child.once('error', (error) => reject(new Error(`${spec.name} did not start: ${error.message}`)));
    });
    const spawned = new Promise<void>((done) => child.once('spawn', done));
    await Promise.race([spawned, failed]);
    child.unref();
    const mark = child.pid === undefined ? undefined : await markOf(child.pid);
    const base = { name: spec.name, command: spec.command, digest, log, logStart };
    const record = { ...base, startedAt: new Date().toISOString() };
    if (mark === undefined) throw ended(spec.name, { ...record, pid: 0, token: '' });
    writeRecord(home, { ...record, ...mark });
    return { ...record, ...mark };
  } finally {
    closeSync(out);
  }
}

async function waitUntilReady(spec: ProcessSpec, record: ProcessRecord): Promise<void> {
  const deadline = Date.now() + (spec.readyWithinMs ?? 60_000);
  while (!(await spec.ready(record))) {
    if (!(await isRunning(record))) throw ended(spec.name, record);
    if (Date.now() > deadline) {
      throw new Error(`${spec.name} does not answer; the end of ${record.log}:\n${tailOf(record)}`);
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/** A healthy one answers at once; a loaded machine gets a few tries. */
async function answersSoon(spec: ProcessSpec, record: ProcessRecord): Promise<boolean> {
  for (let tries = 0; tries < 20; tries += 1) {
    if (await spec.ready(record)) return true;
    await sleep(LOOK_AGAIN_MS * 2);
  }
  return false;
}

function ended(name: string, record: ProcessRecord): Error {
  return new Error(`${name} ended at once; the end of ${record.log}:\n${tailOf(record)}`);
}

function tailOf(record: ProcessRecord): string {
  return logOf(record).trimEnd().split('\n').slice(-20).join('\n');
}

async function goneWithin(record: ProcessRecord, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (await isRunning(record)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  await reaped(record.pid);
  return true;
}

/**
 * A defunct process may have threads that are still ending, and ports with them; both are gone when somebody has taken
 * notice of its end. Where nobody does (a container without init) two seconds are enough.
 */
async function reaped(pid: number): Promise<void> {
  const deadline = Date.now() + 2_000;
  while ((await findProcess(pid))?.defunct === true && Date.now() < deadline) await sleep(10);
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}

function passedOn(): Record<string, string> {
  const entries = PASSED_ON.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function digestOfSpec({ command, env, cwd }: ProcessSpec): string {
  const sorted = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([command, sorted, cwd ?? null]))
    .digest('hex');
}
