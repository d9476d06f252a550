import type { FastifyInstance } from 'fastify';
import { MillraceError } from '#errors/millrace-error.ts';
import type { AuditEntry, AuditStore } from '#access/audit-store.ts';
import { pathOf } from './problems.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when a change request was noted in the audit trail. */
    auditedAt: string | undefined;
    /** The workflow that the request started, signalled or read, for log and audit trail. */
    workflowId: string | undefined;
    /** The API key that the request created, for the audit trail. */
    granted: AuditEntry['granted'];
  }
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Every change request of a known principal is recorded before it is executed, and again with its outcome before the
 * response. If the first record cannot be written, nothing is changed; if the second is missing, the API died in
 * between.
 */
export function addAudit(app: FastifyInstance, audit: AuditStore, now: () => Date): void {
  app.decorateRequest('auditedAt');
  app.decorateRequest('workflowId');
  app.decorateRequest('granted');
  app.addHook('onRequest', async (request) => {
    if (READS.has(request.method) || !request.principal) return;
    const at = now().toISOString();
    const entry = {
      at,
      request_id: request.id,
      principal: request.principal.name,
      method: request.method,
      route: request.routeOptions.url ?? pathOf(request.url),
      path: pathOf(request.url),
    };
    try {
      await audit.open(entry);
    } catch (cause) {
      throw new MillraceError('AUDIT_UNAVAILABLE', 'The request could not be noted in the audit trail.', {
        cause,
      });
    }
    request.auditedAt = at;
  });
  app.addHook('onSend', async (request, reply) => {
    if (request.auditedAt === undefined) return;
    const outcome = {
      status: reply.statusCode,
      code: request.errorCode,
      workflow_id: request.workflowId,
      granted: request.granted,
    };
    try {
      await audit.close({ at: request.auditedAt, request_id: request.id }, outcome);
    } catch (error) {
      request.log.error({ err: error, ...outcome }, 'the outcome could not be written to the audit trail');
    }
  });
}
