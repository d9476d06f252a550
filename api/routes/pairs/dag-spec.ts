import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { dagSpecSchema } from '#airflow/dag-spec-schema.ts';
import type { DagSpecStore } from '#airflow/store.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { pairOf, pairParams } from '../shared/params.ts';

export const dagSpecRoutes: FastifyPluginAsyncZod<{ readonly dagSpecs: DagSpecStore }> = async (
  app,
  { dagSpecs },
) => {
  app.get(
    '/v1/pairs/:model/:set/dag-spec',
    {
      config: { role: ['viewer', 'scheduler'], team: 'pair' },
      schema: {
        summary: 'DAG spec of a pair',
        tags: ['airflow'],
        params: pairParams,
        response: { 200: dagSpecSchema },
      },
    },
    async ({ params }) => {
      const spec = await dagSpecs.read(pairOf(params));
      if (spec !== undefined) return spec;
      throw new MillraceError('DAG_SPEC_NOT_FOUND', 'No DAG spec is written for the pair.', {
        where: `${params.model}/${params.set}`,
      });
    },
  );
};
