/**
 * `npm start`: brings the platform up in `.millrace/` and keeps it up until Ctrl-C. What dies is started again. Data
 * stays; `npm run reset` forgets it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { relative } from 'node:path';
import { loadDataSet } from '#local/load-data-set.ts';
import { onStop } from '#local/on-stop.ts';
import { HOMES, lockHome } from '#local/homes.ts';
import {
  PLATFORM_PROCESSES,
  startPlatform,
  startPlatformProcess,
  type Platform,
  type PlatformProcess,
} from '#local/platform.ts';
import { endProcess } from '#local/processes.ts';
import { isServerName } from '#local/server-specs.ts';
import { startServers, statusOfServers, stopServers, type Servers } from '#local/servers.ts';
import { ROOT } from '#local/tools.ts';

const WATCH_EVERY_MS = 2_000;

const { path: home, portOffset } = HOMES.start;
const begun = Date.now();
const stopping = new AbortController();

const lock = await lockHome(home);
onStop((signal) => stopping.abort(signal));
try {
  await keepUp();
} catch (error) {
  if (!stopping.signal.aborted) {
    say(`start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
} finally {
  say('stopping; SeaweedFS takes about 15 seconds to put its data away');
  await stopServers(home);
  say(`stopped; data stays in ${relative(ROOT, home)}/`);
  lock.release();
}

async function keepUp(): Promise<void> {
  say('starting Temporal, DynamoDB Local and SeaweedFS');
  const servers = await startServers(home, { portOffset, say });
  if (servers.adopted.length > 0) say(`still running from before: ${servers.adopted.join(', ')}`);
  // Those of an earlier call may run older code.
  await Promise.all(Object.keys(PLATFORM_PROCESSES).map((name) => endProcess(home, name)));
  if (stopping.signal.aborted) return;
  say('starting workers and API');
  const platform = await startPlatform(servers);
  for (const dataSet of ['credit-card', 'machines'] as const) await loadDataSet(platform.env, dataSet);
  say(whereToLook(servers, platform));
  while (!stopping.signal.aborted) {
    await startAgain(servers);
    await sleep(WATCH_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}

/** Starts what has ended since the last look, and says so. */
async function startAgain(servers: Servers): Promise<void> {
  for (const { name, running, log } of await statusOfServers(home)) {
    if (running || stopping.signal.aborted) continue;
    say(`${name} has ended (see ${log}); starting it again`);
    if (isServerName(name)) await servers.start(name);
    else if (name in PLATFORM_PROCESSES) await startPlatformProcess(servers, name as PlatformProcess);
  }
}

function whereToLook(servers: Servers, { api, temporalUi }: Platform): string {
  return `
Millrace is up after ${((Date.now() - begun) / 1000).toFixed(1)} s. Ctrl-C stops it; data stays in ${relative(ROOT, home)}/.

  API docs      ${api}/docs
  Temporal UI   ${temporalUi}
  API key       in ${relative(ROOT, servers.home)}/cli.json (this installation's first administrator)
  lake          s3://${servers.env['MILLRACE_BUCKET'] ?? ''} at ${servers.env['MILLRACE_S3_ENDPOINT'] ?? ''}
  raw tables    credit-card clients and machines, see scripts/data/README.md
  logs          ${relative(ROOT, servers.home)}/logs/
`;
}

function say(line: string): void {
  console.log(line);
}
