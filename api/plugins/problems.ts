import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MillraceError } from '#errors/millrace-error.ts';
import { watchMethods } from './allowed-methods.ts';
import { mapError } from '../map-error.ts';
import { PROBLEM_TYPE, problemOf } from '../problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the error that the request was answered with, for log and audit trail. */
    errorCode: string | undefined;
  }
}

/** Every error leaves as problem details, through one mapper. */
export function addProblems(app: FastifyInstance): void {
  const methodsAt = watchMethods(app);
  app.decorateRequest('errorCode');
  app.setErrorHandler((thrown, request, reply) => answerProblem(thrown, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsAt(pathOf(request.url));
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    return answerProblem(notFound(request, methods), request, reply);
  });
}

function notFound({ method, url }: FastifyRequest, methods: readonly string[]): MillraceError {
  const path = pathOf(url);
  if (methods.length === 0) return new MillraceError('ROUTE_NOT_FOUND', `There is no ${method} ${path}.`);
  return new MillraceError('METHOD_NOT_ALLOWED', `${path} takes ${methods.join(', ')}, not ${method}.`);
}

export function answerProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { error, status, unexpected } = mapError(thrown, request.id);
  request.errorCode = error.code;
  if (unexpected) request.log.error({ err: thrown, code: error.code }, 'request failed');
  else if (status >= 500) request.log.warn({ err: thrown, code: error.code }, error.message);
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer realm="millrace"');
  if (error.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(error.retryAfterMs / 1_000));
  // Text, so that the answer schema of the route is not applied to it.
  return reply
    .code(status)
    .header('content-type', PROBLEM_TYPE)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemOf(error, request.id, status));
}

export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
