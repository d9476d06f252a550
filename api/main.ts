import { createConfigStore } from '#catalog/config-store.ts';
import { createWorkOwners } from '#catalog/work-owners.ts';
import { readEnvironment } from '#configs/environment.ts';
import { createLog } from '#platform/telemetry/log.ts';
import { openPlatform } from '#platform/open-platform.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import { startLabels } from '#workflows/contract/start-labels.ts';
import { buildApp } from './app.ts';

/** How long requests in flight may take to finish after a shutdown signal. */
const CLOSE_MS = 10_000;

/**
 * The API process. Starts while its backends are still coming up (`/readyz` says when they answer), prints one JSON line
 * with its address, and ends on SIGTERM or SIGINT when the requests in flight are answered.
 */
const environment = readEnvironment();
const log = createLog(environment, 'api', process.stderr);
const platform = openPlatform(environment);
const owners = createWorkOwners(createConfigStore(platform.table, platform.objects));
const temporal = openTemporalClient(environment, startLabels(owners));
const app = await buildApp({ environment, log, temporal, ...platform });

const url = await app.listen({ host: environment.MILLRACE_API_HOST, port: environment.MILLRACE_API_PORT });
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);

let closing = false;
async function close(signal: string): Promise<void> {
  if (closing) return;
  closing = true;
  log.info({ signal }, 'closing');
  setTimeout(() => process.exit(1), CLOSE_MS).unref();
  await app.close();
  await Promise.all([temporal.connection.close(), platform[Symbol.asyncDispose]()]);
}
process.on('SIGTERM', (signal) => void close(signal));
process.on('SIGINT', (signal) => void close(signal));
