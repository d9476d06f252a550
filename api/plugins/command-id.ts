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

/** A caller who repeats a change with its `Idempotency-Key` gets the first answer and changes nothing more. */
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
    // Within one principal, so that nobody meets another's answer.
    request.commandId = `${request.principal?.name ?? 'public'}/${key}`;
  });
}
