import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { Principal } from '#access/principal.ts';
import { requireTeams } from '#access/teams.ts';
import { readersOf } from '#catalog/restricted-reading.ts';
import type { ConfigSet } from '#configs/config-set.ts';
import { isRawLocation } from '#configs/raw-location.ts';
import { sourceDraftSchema } from '#configs/source-draft.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { draftSource } from '#features/sources/draft/draft-source.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';

export interface SourceDraftRoutes {
  /** The configs applied now. */
  readonly configs: () => Promise<ConfigSet>;
  readonly objects: ObjectStore;
}

/** Reading and decoding rows takes processor time, so drafts are made one after the other. */
const oneAtATime = pLimit(1);

export const sourceDraftRoutes: FastifyPluginAsyncZod<SourceDraftRoutes> = async (
  app,
  { configs, objects },
) => {
  app.get(
    '/v1/source-drafts',
    {
      config: { role: 'scientist', team: 'none' },
      schema: {
        summary:
          'What the Parquet files of a folder say about a source: columns, types, keys and times, no values of rows',
        tags: ['configs'],
        querystring: z.strictObject({
          from: z.string().max(1024).describe('Folder in the lake bucket: `s3://<bucket>/raw/visits/`.'),
        }),
        response: {
          200: sourceDraftSchema.extend({ location: z.string().describe('Folder under the lake bucket.') }),
        },
      },
    },
    async ({ query: { from }, principal }) => {
      const location = locationOf(objects, from);
      refuseReader(principal, await configs(), location);
      return { location, ...(await oneAtATime(() => draftSource(objects, location))) };
    },
  );
};

function locationOf(objects: ObjectStore, from: string): string {
  const location = objects.keyOf(from.endsWith('/') ? from : `${from}/`);
  if (isRawLocation(location)) return location;
  throw new MillraceError(
    'OBJECT_URI_INVALID',
    `${from} is not a folder of raw data in s3://${objects.bucket}/.`,
    {
      where: from,
    },
  );
}

/** A folder that an applied source reads is as restricted as the source. */
function refuseReader(principal: Principal, configs: ConfigSet, location: string): void {
  if (principal.roles.includes('admin')) return;
  for (const source of configs.sources.values()) {
    if (!source.location.startsWith(location) && !location.startsWith(source.location)) continue;
    const readers = readersOf(configs, 'Source', source.name);
    if (readers !== 'everybody' && readers !== 'admins')
      requireTeams(principal, [{ ...readers, because: `which alone reads ${readers.document}` }]);
  }
}
