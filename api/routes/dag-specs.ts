import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dagSpecSchema } from '#airflow/dag-spec-schema.ts';
import type { DagSpecStore } from '#airflow/store.ts';
import type { Principal } from '#access/principal.ts';
import type { Pair } from '#configs/pair.ts';

/** The DAG specs of all pairs that the caller may read, at once, for Airflow's loader, which asks at every parse and mostly gets 304. */
export interface AllDagSpecsRoutes {
  readonly dagSpecs: Pick<DagSpecStore, 'snapshot'>;
  /** The pairs that a principal may read. */
  readonly seenBy: (principal: Principal) => Promise<(pair: Pair) => boolean>;
}

export const allDagSpecsRoutes: FastifyPluginAsyncZod<AllDagSpecsRoutes> = async (
  app,
  { dagSpecs, seenBy },
) => {
  app.get(
    '/v1/dag-specs',
    {
      config: { role: ['viewer', 'scheduler'] },
      schema: {
        summary: 'Every DAG spec, for the loader; with If-None-Match, 304 if nothing changed',
        description:
          'Where reading is restricted to teams, the specs of the pairs that the caller may read. Each such view has ETags of its own.',
        tags: ['airflow'],
        headers: z.object({ 'if-none-match': z.string().optional() }),
        response: {
          200: z.object({
            specs: z.array(dagSpecSchema),
            invalid: z
              .array(z.string())
              .meta({ description: 'Keys of stored objects that are not valid specs' }),
          }),
          304: z.null(),
        },
      },
    },
    async (request, reply) => {
      const snapshot = await dagSpecs.snapshot(await seenBy(request.principal));
      const etag = `"${snapshot.etag}"`;
      reply.header('etag', etag).header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      const { specs, invalid } = await snapshot.read();
      return { specs: [...specs], invalid: [...invalid] };
    },
  );
};
