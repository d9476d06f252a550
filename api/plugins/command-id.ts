import type { FastifyInstance } from 'fastify';
import { MillraceError } from '#errors/millrace-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Names a command, so that it runs once: the caller's `Idempotency-Key`, or the id of this request. Set before any
     * handler.
     */
    commandId: string;
  }
}

const KEY = /^[\x21-\x7e]{1,200}$/;

/** Repeating a change with the same `Idempotency-Key` returns the first result and is otherwise a no-op. */
export function addCommandId(app: FastifyInstance): void {
  app.decorateRequest('commandId', '');
  app.addHook('preHandler', async (request) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined) {
      request.commandId = request.id;
      return;
    }
    if (typeof key !== 'string' || !KEY.test(key))
      throw new MillraceError(
        'REQUEST_INVALID',
        'The header Idempotency-Key takes 1 to 200 printable characters without spaces.',
      );
    // Scoped to the principal, so that callers cannot receive each other's results.
    request.commandId = `${request.principal?.name ?? 'public'}/${key}`;
  });
}
