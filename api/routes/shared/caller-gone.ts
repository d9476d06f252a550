import type { FastifyReply } from 'fastify';
import { MillraceError } from '#errors/millrace-error.ts';

/**
 * Aborts when nobody waits for the response any more: the caller went away, or the request has timed out. Fastify's own
 * `request.signal` aborts as soon as the body has been read.
 */
export function callerGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () =>
    gone.abort(new MillraceError('REQUEST_TIMED_OUT', 'The caller went away before the answer.')),
  );
  return gone.signal;
}
