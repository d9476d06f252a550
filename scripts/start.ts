/**
 * `npm start`: starts the platform in `.millrace/` and keeps it running until Ctrl-C. Processes that die are restarted.
 * Data is kept; `npm run reset` deletes it.
 */
import { relative } from 'node:path';
import { loadDataSet } from '#local/load-data-set.ts';
import { onStop } from '#local/on-stop.ts';
import { HOMES, lockHome } from '#local/homes.ts';
import { keepUp } from '#local/keep-up.ts';
import { overOutages } from '#local/outage.ts';
import type { Platform } from '#local/platform.ts';
import { stopServers, type Servers } from '#local/servers.ts';
import { ROOT } from '#local/tools.ts';

const home = HOMES.start;
const begun = Date.now();
const stopping = new AbortController();
const { signal } = stopping;
let supervised: Promise<void> | undefined;

const lock = await lockHome(home.path);
onStop((by) => stopping.abort(by));
try {
  await run();
} catch (error) {
  if (!signal.aborted) {
    say(`start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
} finally {
  stopping.abort();
  say('stopping');
  await supervised;
  await stopServers(home.path);
  say(`stopped; data stays in ${relative(ROOT, home.path)}/`);
  lock.release();
}

async function run(): Promise<void> {
  say('starting Temporal, DynamoDB Local, SeaweedFS, workers and API');
  const { servers, platform, ended } = await keepUp(home, { signal, say, renew: true });
  supervised = ended;
  for (const dataSet of ['credit-card', 'machines'] as const) {
    await overOutages(() => loadDataSet(platform.env, dataSet), { signal, say });
  }
  say(whereToLook(servers, platform));
  await ended;
}

function whereToLook(servers: Servers, { api, temporalUi }: Platform): string {
  const folder = relative(ROOT, servers.home);
  return `
Millrace is up after ${((Date.now() - begun) / 1000).toFixed(1)} s. Ctrl-C stops it; data stays in ${folder}/.

  API docs      ${api}/docs
  Temporal UI   ${temporalUi}
  API key       in ${folder}/cli.json (this installation's first administrator)
  lake          s3://${servers.env['MILLRACE_BUCKET'] ?? ''} at ${servers.env['MILLRACE_S3_ENDPOINT'] ?? ''}
  raw tables    credit-card clients and machines, see scripts/data/README.md
  logs          ${folder}/logs/
`;
}

function say(line: string): void {
  console.log(line);
}
