import pino from 'pino';
import { buildApp } from '#api/app.ts';
import { readEnvironment } from '#configs/environment.ts';
import { openPlatform } from '#platform/open-platform.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import type { OpenApiDocument } from './openapi-types.ts';

/**
 * `/openapi.json` of this checkout. It needs no server, because backends connect on first use and nothing here uses
 * them.
 */
export async function openApiDocument(): Promise<OpenApiDocument> {
  const environment = readEnvironment({});
  await using platform = openPlatform(environment);
  const temporal = openTemporalClient(environment);
  const log = pino({ level: 'silent' });
  const app = await buildApp({ environment, log, temporal, ...platform });
  try {
    return (await app.inject('/openapi.json')).json<OpenApiDocument>();
  } finally {
    await app.close();
    await temporal.connection.close();
  }
}
