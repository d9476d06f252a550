import { join } from 'node:path';
import { readEnvironment } from '#configs/environment.ts';
import { createLog } from '#platform/telemetry/log.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable } from '#platform/table/table.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import { buildApp } from './app.ts';

/** How long requests in flight may take to finish once the process is asked to go. */
const CLOSE_MS = 10_000;

/**
 * The API process. Starts while its backends are still coming up (`/readyz` says when they answer), prints one JSON line
 * with its address, and ends on SIGTERM or SIGINT when the requests in flight are answered.
 */
const environment = readEnvironment();
const log = createLog(environment, 'api', process.stderr);
const table = openTable(environment);
const objects = createS3ObjectStore(environment);
const temporal = openTemporalClient(environment);
const jobs = createProcessJobBackend({ root: join(environment.MILLRACE_HOME, 'jobs') });
const app = await buildApp({ environment, log, table, objects, temporal, jobs });

const url = await app.listen({ host: environment.MILLRACE_API_HOST, port: environment.MILLRACE_API_PORT });
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);

let closing = false;
async function close(signal: string): Promise<void> {
  if (closing) return;
  closing = true;
  log.info({ signal }, 'closing');
  setTimeout(() => process.exit(1), CLOSE_MS).unref();
  await app.close();
  await Promise.all([temporal.connection.close(), objects[Symbol.asyncDispose]()]);
  table.client.destroy();
}
process.on('SIGTERM', (signal) => void close(signal));
process.on('SIGINT', (signal) => void close(signal));
