import { tmpdir } from 'node:os';
import pino from 'pino';
import { buildApp } from '#api/app.ts';
import { readEnvironment } from '#configs/environment.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable } from '#platform/table/table.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import type { OpenApiDocument } from './openapi-types.ts';

/** `/openapi.json` of this checkout. Needs no server: its backends connect when first used, and nothing here uses them. */
export async function openApiDocument(): Promise<OpenApiDocument> {
  const environment = readEnvironment({});
  const table = openTable(environment);
  const objects = createS3ObjectStore(environment);
  const temporal = openTemporalClient(environment);
  const jobs = createProcessJobBackend({ root: tmpdir() });
  const log = pino({ level: 'silent' });
  const app = await buildApp({ environment, log, table, objects, temporal, jobs });
  try {
    return (await app.inject('/openapi.json')).json<OpenApiDocument>();
  } finally {
    await app.close();
    await Promise.all([temporal.connection.close(), objects[Symbol.asyncDispose]()]);
    table.client.destroy();
  }
}
