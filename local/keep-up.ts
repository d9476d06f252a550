import type { Home } from './homes.ts';
import {
  PLATFORM_PROCESSES,
  startPlatform,
  startPlatformProcess,
  type Platform,
  type PlatformProcess,
} from './platform.ts';
import { endProcess } from './processes.ts';
import { SERVER_NAMES, type ServerName } from './server-specs.ts';
import { startServers, type Servers } from './servers.ts';
import { supervise, type Kept, type Supervision } from './supervisor.ts';

export interface KeepUpOptions {
  /** Once aborted, nothing more is started. `stopServers` stops what is running. */
  readonly signal: AbortSignal;
  /** Receives messages about moved ports, adopted servers, deaths and restarts. */
  readonly say: (line: string) => void;
  /** Ends workers and API of an earlier call first, since they may run older code. Default: false. */
  readonly renew?: boolean;
}

export interface KeptUp {
  readonly servers: Servers;
  readonly platform: Platform;
  /** Resolves after the signal is aborted, once no start is in progress. */
  readonly ended: Promise<void>;
}

const TRIES = 3;
const PLATFORM_NAMES = Object.keys(PLATFORM_PROCESSES) as PlatformProcess[];

/**
 * Starts the servers, workers and API of a home, and restarts any that die, until the signal is aborted. A process that
 * dies during start-up is restarted too; the third failure in a row is thrown.
 */
export async function keepUp(home: Home, options: KeepUpOptions): Promise<KeptUp> {
  const { say, renew = false } = options;
  // A failure during start-up ends the supervision of what is already running.
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const supervision = { home: home.path, signal, say };
  const ended: Promise<void>[] = [];
  try {
    const servers = await tryAgain(supervision, () =>
      startServers(home.path, { portOffset: home.portOffset, say, signal }),
    );
    if (servers.adopted.length > 0) say(`still running from before: ${servers.adopted.join(', ')}`);
    ended.push(supervise(SERVER_NAMES.map(keptServer(servers)), supervision));
    if (renew) await Promise.all(PLATFORM_NAMES.map((name) => endProcess(home.path, name)));
    const platform = await tryAgain(supervision, () => startPlatform(servers, signal));
    ended.push(supervise(PLATFORM_NAMES.map(keptPlatform(servers)), supervision));
    return { servers, platform, ended: Promise.all(ended).then(() => undefined) };
  } catch (error) {
    failed.abort();
    await Promise.all(ended);
    throw error;
  }
}

function keptServer(servers: Servers): (name: ServerName) => Kept {
  return (name) => ({ name, start: (signal) => servers.start(name, signal) });
}

function keptPlatform(servers: Servers): (name: PlatformProcess) => Kept {
  return (name) => ({ name, start: (signal) => startPlatformProcess(servers, name, signal) });
}

async function tryAgain<T>({ signal, say }: Supervision, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || tries === TRIES) throw error;
      say(`retrying: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
