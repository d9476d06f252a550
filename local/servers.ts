import { globSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '#platform/jobs/process/process-table.ts';
import { localEnvironment } from './local-environment.ts';
import {
  PORT_NAMES,
  choosePorts,
  isPortFree,
  movedLine,
  portNumbers,
  type PortName,
  type Ports,
} from './ports.ts';
import { tryLock, type Held } from './lock.ts';
import { endProcess, killProcess, startProcess, statusOfProcesses, type ProcessStatus } from './processes.ts';
import { listRecords, readRecord } from './records.ts';
import { makeHomeFolder } from './home-folder.ts';
import { writeWhole } from './write-whole.ts';
import { SERVER_NAMES, isServerName, serverSpec, type ServerName } from './server-specs.ts';

export interface ServerOptions {
  /** Added to every preferred port, so that homes of one checkout can run at the same time. Default: 0. */
  readonly portOffset?: number;
  /** The data of this home may be lost: tables stay in memory, and servers are killed instead of stopped cleanly. */
  readonly throwaway?: boolean;
  /** Servers to start. Default: all. */
  readonly only?: readonly ServerName[];
  /** Receives messages for people: moved ports, adopted servers. */
  readonly say?: (line: string) => void;
  /** Once aborted, nothing more is started. `stopServers` stops what is running. */
  readonly signal?: AbortSignal;
}

export interface Servers {
  readonly home: string;
  readonly ports: Ports;
  /** Every MILLRACE_ and AWS_ variable that child processes need. */
  readonly env: Readonly<Record<string, string>>;
  /** Servers that were already running and were kept. */
  readonly adopted: readonly ServerName[];
  /** Restarts one server with its port and data, after it died or was killed. */
  start(name: ServerName, signal?: AbortSignal): Promise<void>;
  /** Sends SIGKILL, like a crash. */
  kill(name: ServerName): Promise<void>;
  /** Stops one server cleanly. */
  end(name: ServerName): Promise<void>;
}

const PORTS_OF: Readonly<Record<ServerName, readonly PortName[]>> = {
  temporal: ['temporal', 'temporal_ui'],
  dynamodb: ['dynamodb'],
  seaweedfs: ['s3', 'seaweed_master', 'seaweed_volume', 'seaweed_filer'],
};
const START_TRIES = 3;
const INNER_HOMES = 'homes';
/** A server that is still running after this time is killed. */
const GRACE_MS = { temporal: 2_000, dynamodb: 2_000, seaweedfs: 1_000 } as const;
/** A worker would wait longer for its activities. Temporal retries interrupted activities on the next worker. */
const PLATFORM_GRACE_MS = 2_500;

/**
 * Starts Temporal, DynamoDB Local and SeaweedFS for one home folder, on loopback. Healthy servers recorded in this home are
 * adopted; unhealthy ones are ended first; no other process is touched. Ports stay the same from start to start.
 */
export async function startServers(home: string, options: ServerOptions = {}): Promise<Servers> {
  const folder = resolve(home);
  makeHomeFolder(folder);
  const turn = await takeTurn(options.signal);
  try {
    return await bringUp(folder, options);
  } finally {
    turn.release();
  }
}

/**
 * Serialises starts for each user of a machine. A port is first checked and then used, so two checkouts that start at the
 * same time could choose the same port, and the slower one would mistake the other's server for its own.
 */
async function takeTurn(signal: AbortSignal | undefined): Promise<Held> {
  const path = join(tmpdir(), `millrace-${userInfo().username}-start.lock`);
  for (;;) {
    const got = await tryLock(path);
    if ('held' in got) return got.held;
    await sleep(100, undefined, { signal });
  }
}

async function bringUp(folder: string, options: ServerOptions): Promise<Servers> {
  const wanted = options.only ?? SERVER_NAMES;
  for (let tries = 1; ; tries += 1) {
    const ports = await settlePorts(folder, options);
    const plan = { home: folder, ports, tableInMemory: options.throwaway === true };
    const results = await Promise.allSettled(
      wanted.map(async (name) => startProcess(folder, serverSpec(name, plan), options.signal)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) {
      const adopted = wanted.filter((_, i) => {
        const result = results[i];
        return result?.status === 'fulfilled' && result.value.adopted;
      });
      return {
        home: folder,
        ports,
        env: localEnvironment(folder, ports),
        adopted,
        start: async (name, signal) => void (await startProcess(folder, serverSpec(name, plan), signal)),
        kill: (name) => killProcess(folder, name),
        end: (name) => endProcess(folder, name, GRACE_MS[name]),
      };
    }
    // Another program may have taken a port between the check and the server's start, so choose again.
    if (
      tries === START_TRIES ||
      options.signal?.aborted === true ||
      !(await lostAPort(folder, wanted, ports))
    ) {
      await stopServers(folder, { throwaway: true });
      throw failed.reason;
    }
  }
}

/**
 * Ends every process recorded in this home: first the ones started last (workers, API), then the servers. With
 * `throwaway`, servers are killed at once. Otherwise each gets time to stop cleanly. SeaweedFS gets only one second, since
 * it would wait 15 seconds for streams between its own components, and confirmed writes are already in its files.
 */
export async function stopServers(
  home: string,
  options: { readonly throwaway?: boolean } = {},
): Promise<void> {
  const folder = resolve(home);
  const names = listRecords(folder).map(({ name }) => name);
  const others = names.filter((name) => !isServerName(name));
  await Promise.all(others.map((name) => endProcess(folder, name, PLATFORM_GRACE_MS)));
  const graceOf = (name: ServerName) => (options.throwaway === true ? 0 : GRACE_MS[name]);
  await Promise.all(names.filter(isServerName).map((name) => endProcess(folder, name, graceOf(name))));
}

/** All processes recorded in this home, and whether each is running. */
export function statusOfServers(home: string): Promise<readonly ProcessStatus[]> {
  return statusOfProcesses(resolve(home));
}

/**
 * The home of a test inside an outer home. Deleting the outer home deletes it too, even when the test was killed.
 */
export function innerHome(home: string, name: string): string {
  return join(home, INNER_HOMES, name);
}

/** Stops every process recorded in a home or in a home inside it, and deletes the home. */
export async function forgetHome(home: string): Promise<void> {
  await stopServers(home, { throwaway: true });
  for (const inner of globSync(join(INNER_HOMES, '*'), { cwd: home })) await forgetHome(join(home, inner));
  rmSync(home, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
}

async function settlePorts(home: string, options: ServerOptions): Promise<Ports> {
  const path = join(home, 'ports.json');
  const stored = readPorts(path);
  const held = new Set<PortName>();
  for (const name of SERVER_NAMES) {
    const record = readRecord(home, name);
    if (record !== undefined && (await isRunning(record))) PORTS_OF[name].forEach((port) => held.add(port));
  }
  const api = readRecord(home, 'api');
  if (api !== undefined && (await isRunning(api))) held.add('api');
  const { ports, moved } = await choosePorts({ stored, offset: options.portOffset ?? 0, held });
  for (const move of moved) options.say?.(movedLine(move));
  writeWhole(path, `${JSON.stringify(ports, null, 2)}\n`);
  return ports;
}

function readPorts(path: string): Partial<Ports> {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const entries = PORT_NAMES.map((name) => [name, read[name]] as const);
    return Object.fromEntries(entries.filter(([, port]) => Number.isInteger(port))) as Partial<Ports>;
  } catch {
    return {}; // no file, or not a valid one: use the preferred ports
  }
}

async function lostAPort(home: string, wanted: readonly ServerName[], ports: Ports): Promise<boolean> {
  for (const name of wanted) {
    const record = readRecord(home, name);
    if (record !== undefined && (await isRunning(record))) continue;
    for (const port of PORTS_OF[name].flatMap((p) => portNumbers(p, ports[p]))) {
      if (!(await isPortFree(port))) return true;
    }
  }
  return false;
}
