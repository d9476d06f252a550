import type { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MillraceError } from '#errors/millrace-error.ts';
import type { AuditEntry, AuditStore } from '#access/audit-store.ts';
import type { CommitNote } from '#registry/commit-to-pair.ts';
import { pathOf } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * When the audit entry of a change is written:
     * - `before` (default): before the request is executed, and again with its outcome
     * - `commit`: in the transaction that makes the change; only for a route whose change is one commit to the registry
     */
    audit?: 'before' | 'commit';
  }
  interface FastifyRequest {
    /** Set when the request is to appear in the audit trail. */
    audited: Audited | undefined;
    /** The workflow that the request started, signalled or read, for log and audit trail. */
    workflowId: string | undefined;
    /** The API key that the request created, for the audit trail. */
    granted: AuditEntry['granted'];
  }
}

interface Audited {
  readonly entry: AuditEntry;
  /** What is stored of the entry: nothing, the request without its outcome, or the entry as its change was committed. */
  stored: 'nothing' | 'request' | 'commit';
}

/** The note of the request that is being served now; the registry commits it together with the change. */
export type ServedNote = AsyncLocalStorage<CommitNote>;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Every change request of a known principal is in the trail, with its outcome, before the response. No change is made
 * without an entry: it is either written first or in the transaction of the change. An entry without an outcome means
 * that the API died in between.
 */
export function addAudit(app: FastifyInstance, audit: AuditStore, served: ServedNote, now: () => Date): void {
  app.decorateRequest('audited');
  app.decorateRequest('workflowId');
  app.decorateRequest('granted');

  app.addHook('onRequest', async (request) => {
    if (READS.has(request.method) || !request.principal) return;
    const entry = {
      at: now().toISOString(),
      request_id: request.id,
      principal: request.principal.name,
      method: request.method,
      route: request.routeOptions.url ?? pathOf(request.url),
      path: pathOf(request.url),
    };
    if (request.routeOptions.config.audit === 'commit') request.audited = { entry, stored: 'nothing' };
    else {
      await open(audit, entry);
      request.audited = { entry, stored: 'request' };
    }
  });

  // Not earlier: reading the body would leave the context again.
  app.addHook('preHandler', (request, _reply, done) => {
    const { audited } = request;
    if (audited?.stored === 'nothing') served.run(noteOf(audit, audited, successOf(request)), done);
    else done();
  });

  app.addHook('onSend', async (request, reply) => {
    const { audited } = request;
    if (audited === undefined) return;
    const outcome = outcomeOf(request, reply);
    try {
      if (audited.stored === 'nothing') await audit.record({ ...audited.entry, ...outcome });
      else if (audited.stored === 'request' || outcome.status !== successOf(request))
        await audit.close(audited.entry, outcome);
    } catch (error) {
      request.log.error({ err: error, ...outcome }, 'the outcome could not be written to the audit trail');
    }
  });
}

async function open(audit: AuditStore, entry: AuditEntry): Promise<void> {
  try {
    await audit.open(entry);
  } catch (cause) {
    throw new MillraceError('AUDIT_UNAVAILABLE', 'The request could not be noted in the audit trail.', {
      cause,
    });
  }
}

/** A request that commits more than once is noted with its first commit. */
function noteOf(audit: AuditStore, audited: Audited, status: number): CommitNote {
  return {
    items: () => (audited.stored === 'nothing' ? [audit.item({ ...audited.entry, status })] : []),
    committed: () => {
      audited.stored = 'commit';
    },
  };
}

function outcomeOf(request: FastifyRequest, reply: FastifyReply) {
  return {
    status: reply.statusCode,
    code: request.errorCode,
    workflow_id: request.workflowId,
    granted: request.granted,
  };
}

/** The status of a response that reports no error, as the route declares it. */
function successOf({ routeOptions }: FastifyRequest): number {
  const declared = Object.keys(routeOptions.schema?.response ?? {}).map(Number);
  return declared.find((status) => status < 300) ?? 200;
}
