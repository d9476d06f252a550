import type { FastifyInstance } from 'fastify';

/** Logs one line per request once it is answered: caller, route, outcome, and workflow. */
export function addRequestLog(app: FastifyInstance): void {
  // Redaction costs more than writing the line, and none of its fields can hold a secret.
  const lines = app.log.child({}, { redact: [] });
  app.addHook('onRequest', async (request) => {
    if (request.principal) request.log = request.log.child({ principal: request.principal.name });
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const level = request.routeOptions.config.role === 'public' ? 'debug' : 'info';
    lines[level](
      {
        request_id: request.id,
        principal: request.principal?.name,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        code: request.errorCode,
        workflow_id: request.workflowId,
      },
      'request',
    );
  });
}
