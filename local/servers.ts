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
  /** Added to every preferred port, so that homes of one checkout can run at once. 0 when left out. */
  readonly portOffset?: number;
  /** The data of this home may be lost: tables stay in memory, and servers are killed instead of asked. */
  readonly throwaway?: boolean;
  /** Servers to bring up; all when left out. */
  readonly only?: readonly ServerName[];
  /** Hears what is worth knowing: moved ports, adopted servers. */
  readonly say?: (line: string) => void;
  /** Aborted, nothing more is started; what has been started is stopped by `stopServers`. */
  readonly signal?: AbortSignal;
}

export interface Servers {
  readonly home: string;
  readonly ports: Ports;
  /** For children: every MILLRACE_ and AWS_ variable they need. */
  readonly env: Readonly<Record<string, string>>;
  /** Servers that ran already and were kept. */
  readonly adopted: readonly ServerName[];
  /** Brings one server up again on its port and data, after it died or was killed. */
  start(name: ServerName, signal?: AbortSignal): Promise<void>;
  /** `kill -9`, as a crash does. */
  kill(name: ServerName): Promise<void>;
  /** Ends one server in order. */
  end(name: ServerName): Promise<void>;
}

const PORTS_OF: Readonly<Record<ServerName, readonly PortName[]>> = {
  temporal: ['temporal', 'temporal_ui'],
  dynamodb: ['dynamodb'],
  seaweedfs: ['s3', 'seaweed_master', 'seaweed_volume', 'seaweed_filer'],
};
const START_TRIES = 3;
const INNER_HOMES = 'homes';
/** A server that has not ended by then is killed. */
const GRACE_MS = { temporal: 2_000, dynamodb: 2_000, seaweedfs: 1_000 } as const;
/** A worker would wait longer for its activities; Temporal gives what is cut off to the next worker. */
const PLATFORM_GRACE_MS = 2_500;

/**
 * Brings up Temporal, DynamoDB Local and SeaweedFS for one home folder, on loopback. Healthy servers that this home
 * recorded are adopted; others it recorded are ended first; nothing else is touched. Ports are kept from start to start.
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
 * One start at a time for each user of a machine: a port is looked at and then taken, and two checkouts that look at
 * the same time would choose the same, and the slower one would mistake the other's server for its own.
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
    // Somebody may have taken a port between our look and the server's start: choose again.
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
 * Ends every process this home recorded: first those that were started last (workers, API), then the servers. With
 * `throwaway` servers are killed at once. Otherwise each may end by itself first; SeaweedFS gets a second, since it would
 * wait 15 seconds for streams between its own parts, and what it has confirmed is in its files by then.
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

/** What this home recorded, servers and others, and whether each still runs. */
export function statusOfServers(home: string): Promise<readonly ProcessStatus[]> {
  return statusOfProcesses(resolve(home));
}

/**
 * Where tests make homes inside a home: forgetting the outer one forgets them too, also when the test was killed.
 */
export function innerHome(home: string, name: string): string {
  return join(home, INNER_HOMES, name);
}

/** Stops what a home, and every home in it, recorded, and deletes it. */
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
    return {}; // none stored, or not ours: the preferred ones
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
