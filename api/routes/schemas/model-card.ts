import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { cardJsonSchema } from '#registry/cards/card-json-schema.ts';

export const modelCardSchemaRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/v1/schemas/model-card',
    {
      config: { role: 'viewer' },
      schema: { summary: 'JSON Schema of the model card', tags: ['registry'] },
    },
    async (_request, reply) =>
      reply
        .type('application/schema+json; charset=utf-8')
        .send(Buffer.from(JSON.stringify(cardJsonSchema()))),
  );
};
