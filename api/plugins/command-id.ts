import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { KeyedRequest, KeyedRequestStore } from '#access/keyed-requests.ts';
import { digestOf } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { pathOf } from './problems.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Names a command, so that it runs once: the caller's `Idempotency-Key`, or the id of this request. Set before any
     * handler.
     */
    commandId: string;
    /** The first request with the caller's key; undefined without a key. */
    keyed: KeyedRequest | undefined;
    /** The body as it was sent, before validation fills in defaults; kept only of a request with a key. */
    sentBody: unknown;
    /**
     * For work that has no command id of its own: its result, kept under the caller's key, so that a repeat gets it without
     * doing the work again. Without a key, and if the work failed before, it is done. The result must be free of secrets.
     */
    once<T>(schema: z.ZodType<T>, work: () => Promise<T>): Promise<T>;
  }
}

const KEY = /^[\x21-\x7e]{1,200}$/;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * One key is one request, across all routes: the first request with a key is recorded after it was validated and before its
 * handler runs, and another request with the same key is refused (`COMMAND_ID_REUSED`). The same request passes: what it asks
 * for is idempotent by `commandId`, by the id of its workflow, or by `once`.
 */
export function addCommandId(app: FastifyInstance, store: KeyedRequestStore, now: () => Date): void {
  app.decorateRequest('commandId', '');
  app.decorateRequest('keyed');
  app.decorateRequest('sentBody');
  app.decorateRequest('once', async function <
    T,
  >(this: FastifyRequest, schema: z.ZodType<T>, work: () => Promise<T>): Promise<T> {
    if (this.keyed === undefined) return work();
    const before = kept(schema, this.keyed.answer);
    if (before !== undefined) return before;
    const done = await work();
    return kept(schema, await store.keep(this.commandId, JSON.stringify(done))) ?? done;
  });
  app.addHook('preValidation', async (request) => {
    if (request.headers['idempotency-key'] !== undefined) request.sentBody = request.body;
  });
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
    if (READS.has(request.method) || !request.principal) return;
    const { method, url } = request;
    const asked = { digest: digestOfRequest(request), method, path: pathOf(url), at: now().toISOString() };
    const first = await store.first(request.commandId, asked);
    if (first.digest !== asked.digest) throw reused(key, first);
    request.keyed = first;
  });
}

/** Covers all that decides what the request does: the precondition too, because it names the state that was decided on. */
function digestOfRequest(request: FastifyRequest): string {
  const { method, headers, params, sentBody, routeOptions } = request;
  const { url, schema } = routeOptions;
  return digestOf({
    method,
    route: url,
    params,
    body: schema?.body === undefined ? null : (sentBody ?? {}),
    ...(schema?.headers !== undefined && {
      if_match: headers['if-match'] ?? null,
      if_none_match: headers['if-none-match'] ?? null,
    }),
  });
}

function reused(key: string, { method, path, at }: KeyedRequest): MillraceError {
  return new MillraceError(
    'COMMAND_ID_REUSED',
    `The Idempotency-Key ${key} was used at ${at} for another request, ${method} ${path}.`,
    { where: 'Idempotency-Key', details: { command_id: key, first: { method, path, at } } },
  );
}

/** What an earlier release kept in another shape counts as not kept. */
function kept<T>(schema: z.ZodType<T>, answer: string | undefined): T | undefined {
  return answer === undefined ? undefined : schema.safeParse(JSON.parse(answer)).data;
}
