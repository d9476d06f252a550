import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProcess, hasVariable, isRunning, listProcesses } from '#platform/jobs/process/process-table.ts';
import { markOf } from './lock.ts';
import { readRecord, removeRecord, writeRecord, type ProcessRecord } from './records.ts';

const LAUNCH = 'MILLRACE_LAUNCH';
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

/** A process that belongs to a home folder: a server, the API, a worker. */
export interface ProcessSpec {
  /** Unique in the home; names its log and its record. */
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Its whole environment, except what every program needs (`PATH`, `HOME`, locale, certificates). */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether it is ready; polled until true. */
  readonly ready: (record: ProcessRecord) => Promise<boolean>;
  /** Default: 60 seconds. */
  readonly readyWithinMs?: number;
  /** Keep a running process that was started the same way and is ready. Default: true. */
  readonly adopt?: boolean;
}

/**
 * Starts the process in its own session. Its record is written first, so nothing starts if the home cannot be written. If
 * the pid cannot be recorded afterwards, the process is killed. So no process runs without a record in its home.
 */
export async function launch(home: string, spec: ProcessSpec, digest: string): Promise<ProcessRecord> {
  const log = resolve(home, 'logs', `${spec.name}.log`);
  mkdirSync(join(home, 'logs'), { recursive: true });
  const out = openSync(log, 'a', 0o600);
  try {
    const planned: ProcessRecord = {
      name: spec.name,
      command: spec.command,
      digest,
      log,
      logStart: fstatSync(out).size,
      startedAt: new Date().toISOString(),
      launch: randomUUID(),
      pid: 0,
      token: '',
    };
    writeRecord(home, planned);
    const pid = await spawnDetached(spec, planned, out).catch((error: unknown) => {
      removeRecord(home, spec.name);
      throw error;
    });
    const mark = await markOf(pid);
    if (mark === undefined) throw endedAtOnce(planned);
    return await recordOrKill(home, { ...planned, ...mark });
  } finally {
    closeSync(out);
  }
}

/** Resolves to its pid. */
async function spawnDetached(spec: ProcessSpec, planned: ProcessRecord, out: number): Promise<number> {
  const [program, ...args] = spec.command;
  const child = spawn(program, args, {
    cwd: spec.cwd ?? process.cwd(),
    env: { ...passedOn(), ...spec.env, [LAUNCH]: planned.launch },
    detached: true,
    stdio: ['ignore', out, out],
  });
  await new Promise<void>((done, failed) => {
    child.once('spawn', done);
    child.once('error', (error) => failed(new Error(`${spec.name} did not start: ${error.message}`)));
  });
  child.unref();
  if (child.pid === undefined) throw new Error(`${spec.name} did not start.`);
  return child.pid;
}

async function recordOrKill(home: string, record: ProcessRecord): Promise<ProcessRecord> {
  try {
    writeRecord(home, record);
    return record;
  } catch (error) {
    killGroup(record.pid);
    await goneWithin(record, 10_000);
    removeRecord(home, record.name);
    throw error;
  }
}

/**
 * The record of a process. If its pid is missing, because the launcher was killed between start and record, the process
 * is found by its environment (Linux).
 */
export async function findRecord(home: string, name: string): Promise<ProcessRecord | undefined> {
  const record = readRecord(home, name);
  if (record === undefined || record.pid !== 0) return record;
  const launched = (await listProcesses()).filter(({ pid }) => hasVariable(pid, LAUNCH, record.launch));
  // Its children have inherited the variable.
  const first = launched.find(({ parent }) => launched.every(({ pid }) => pid !== parent));
  return first === undefined ? record : { ...record, pid: first.pid, token: first.token };
}

/** The log output of this run of a process so far. */
export function logOf(record: ProcessRecord): string {
  return readFileSync(record.log).subarray(record.logStart).toString('utf8');
}

export function tailOf(record: ProcessRecord): string {
  return logOf(record).trimEnd().split('\n').slice(-20).join('\n');
}

export function endedAtOnce(record: ProcessRecord): Error {
  return new Error(`${record.name} ended at once. The end of ${record.log}:\n${tailOf(record)}`);
}

/** Whether the process ended within this time. */
export async function goneWithin(record: ProcessRecord, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (await isRunning(record)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  await reaped(record.pid);
  return true;
}

/**
 * A defunct process may still have threads that hold ports. Both are gone once its parent has reaped it. Where no parent
 * does so (a container without init), two seconds are enough.
 */
async function reaped(pid: number): Promise<void> {
  const deadline = Date.now() + 2_000;
  while ((await findProcess(pid))?.defunct === true && Date.now() < deadline) await sleep(10);
}

/** Sends SIGKILL to a process and to its process group. */
export function killGroup(leader: number): void {
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
