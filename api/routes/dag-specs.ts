import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dagSpecSchema } from '#airflow/dag-spec-schema.ts';
import type { DagSpecStore } from '#airflow/store.ts';

/** All DAG specs at once, for Airflow's loader, which asks at every parse and mostly gets 304. */
export const allDagSpecsRoutes: FastifyPluginAsyncZod<{ readonly dagSpecs: DagSpecStore }> = async (
  app,
  { dagSpecs },
) => {
  app.get(
    '/v1/dag-specs',
    {
      config: { role: ['viewer', 'scheduler'] },
      schema: {
        summary: 'Every DAG spec, for the loader; with If-None-Match, 304 if nothing changed',
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
      const snapshot = await dagSpecs.snapshot();
      const etag = `"${snapshot.etag}"`;
      reply.header('etag', etag).header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      const { specs, invalid } = await snapshot.read();
      return { specs: [...specs], invalid: [...invalid] };
    },
  );
};
