import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { digestOf } from '#configs/canonical.ts';
import { nameSchema } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { dagSpecSchema } from '#airflow/dag-spec-schema.ts';
import type { DagSpecStore } from '#airflow/store.ts';

const tags = ['airflow'];

/** Reads of DAG specs: one for people, all at once for Airflow's loader, which asks at every parse and mostly gets 304. */
export const dagSpecRoutes: FastifyPluginAsyncZod<{ readonly dagSpecs: DagSpecStore }> = async (
  app,
  { dagSpecs },
) => {
  app.get(
    '/v1/pairs/:model/:set/dag-spec',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'DAG spec of a pair',
        tags,
        params: z.object({ model: nameSchema, set: nameSchema }),
        response: { 200: dagSpecSchema },
      },
    },
    async ({ params }) => {
      const spec = await dagSpecs.read({ model: params.model, feature_set: params.set });
      if (spec !== undefined) return spec;
      throw new MillraceError('DAG_SPEC_NOT_FOUND', 'no spec is written', {
        where: `${params.model}/${params.set}`,
      });
    },
  );

  app.get(
    '/v1/dag-specs',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Every DAG spec, for the loader; with If-None-Match, 304 where nothing changed',
        tags,
        headers: z.object({ 'if-none-match': z.string().optional() }),
        response: {
          200: z.object({
            specs: z.array(dagSpecSchema),
            invalid: z.array(z.string()).meta({ description: 'Keys of stored objects that are no specs' }),
          }),
          304: z.null(),
        },
      },
    },
    async (request, reply) => {
      const found = await dagSpecs.list();
      const etag = `"${digestOf(found)}"`;
      reply.header('etag', etag);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      return { specs: [...found.specs], invalid: [...found.invalid] };
    },
  );
};
