import { HOMES, lockHome } from './homes.ts';
import { PLATFORM_PROCESSES, startPlatform } from './platform.ts';
import { endProcess } from './processes.ts';
import { startServers, stopServers } from './servers.ts';

const { path: home, portOffset } = HOMES.start;

/**
 * Starts the servers, workers and API of this checkout and leaves them running. Running servers are kept. Workers and API
 * are restarted, since those of an earlier call may run older code. Throws while `npm start` uses the same home.
 */
export async function startLocal(say: (what: string) => void) {
  const lock = await lockHome(home);
  try {
    say('Temporal, DynamoDB Local and SeaweedFS');
    const servers = await startServers(home, { portOffset, say });
    await Promise.all(Object.keys(PLATFORM_PROCESSES).map((name) => endProcess(home, name)));
    say('workers and API');
    const { api, temporalUi } = await startPlatform(servers);
    return { api, docs: `${api}/docs`, temporal_ui: temporalUi, home };
  } finally {
    lock.release();
  }
}

/** Stops them cleanly and keeps the data. Returns the home. */
export async function stopLocal(): Promise<string> {
  const lock = await lockHome(home);
  try {
    await stopServers(home);
    return home;
  } finally {
    lock.release();
  }
}
