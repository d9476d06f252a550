import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { MillraceError } from '#errors/millrace-error.ts';

/** An app for routes alone, which answers errors of the catalogue with their status and code. */
export function bareApp(): FastifyInstance {
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) =>
    error instanceof MillraceError ? reply.code(error.status).send({ code: error.code }) : reply.send(error),
  );
  return app;
}
