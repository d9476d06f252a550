import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import { LOG_START, type JobLogs, type LogPlace } from '../../workflows/job-logs.ts';
import { workflowStatusSchema, type WorkflowReader } from '../../workflows/reader.ts';

export interface WorkflowRouteDeps {
  readonly reader: WorkflowReader;
  readonly logs: JobLogs;
}

/** Ids contain slashes, so the id is the rest of the path, followed by the action. */
const idParams = z.object({ '*': z.string().min(1).max(1_000).describe('Workflow id') });
const LOGS = '/logs';
const CANCEL = '/cancel';

const readQuery = z.strictObject({
  from: z
    .string()
    .regex(/^\d{1,6}\.\d{1,15}$/, 'the place in x-next-place of the answer before')
    .default(LOG_START)
    .describe('Logs only: position to continue reading from'),
  follow: z.stringbool().default(false).describe('Logs only: keep streaming until the workflow ends'),
});

const LOOK_MS = 500;
/** A follower reads for a day at most; Fastify ends requests that take longer than their route allows. */
const FOLLOW_MS = 24 * 60 * 60 * 1_000;

/** Reads and cancels one workflow, and reads the logs of its jobs. */
export const oneWorkflowRoutes: FastifyPluginAsyncZod<WorkflowRouteDeps> = async (app, { reader, logs }) => {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const tags = ['workflows'];

  app.get(
    '/v1/workflows/*',
    {
      config: { role: 'viewer' },
      handlerTimeout: FOLLOW_MS,
      schema: {
        summary:
          'Status, steps, result or failure of a workflow; with /logs after the id, the logs of its jobs as text',
        tags,
        params: idParams,
        querystring: readQuery,
        response: { 200: workflowStatusSchema },
      },
    },
    async (request, reply) => {
      const path = request.params['*'];
      if (!path.endsWith(LOGS)) {
        request.workflowId = path;
        return reader.read(path);
      }
      const id = path.slice(0, -LOGS.length);
      request.workflowId = id;
      const place = request.query.from as LogPlace;
      await reader.row(id);
      if (request.query.follow) return sendText(reply, Readable.from(follow(id, place, request.signal)));
      const { text, next } = await logs.read(id, place);
      return sendText(reply.header('x-next-place', next), text);
    },
  );

  app.post(
    '/v1/workflows/*',
    {
      config: { role: ['scientist', 'operator'] },
      schema: {
        summary: 'With /cancel after the id: cancel the workflow; its jobs are cancelled first',
        tags,
        params: idParams,
        response: { 202: z.object({ workflow_id: z.string(), status: z.literal('cancel_requested') }) },
      },
    },
    async (request, reply) => {
      const path = request.params['*'];
      if (!path.endsWith(CANCEL))
        throw new MillraceError('ROUTE_NOT_FOUND', `A POST to a workflow ends in ${CANCEL}.`);
      const id = path.slice(0, -CANCEL.length);
      request.workflowId = id;
      if (!mayCancel(id, request.principal.roles))
        throw new MillraceError(
          'FORBIDDEN',
          `${request.principal.name} lacks the role operator to cancel ${id}.`,
        );
      await reader.cancel(id);
      return reply.code(202).send({ workflow_id: id, status: 'cancel_requested' as const });
    },
  );

  async function* follow(id: string, from: LogPlace, signal: AbortSignal): AsyncGenerator<string> {
    const stop = AbortSignal.any([signal, closing.signal]);
    let place = from;
    while (!stop.aborted) {
      // Read the status before the log, so that the last lines are not missed.
      const { status } = await reader.row(id);
      const { text, next } = await logs.read(id, place);
      if (text !== '') yield text;
      place = next;
      if (text !== '') continue;
      if (status !== 'running') return;
      await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
};

/** Scientists may cancel what they may start; only operators may cancel workflows of live scoring. */
function mayCancel(workflowId: string, roles: readonly string[]): boolean {
  if (roles.includes('operator') || roles.includes('admin')) return true;
  return /^(materialise|train|register|lifecycle)\//.test(workflowId);
}

interface TextReply<R> {
  type(contentType: string): { serializer(fn: (body: string) => string): { send(body: never): R } };
}

/** The route's answer schema is that of a status; a log is plain text. */
function sendText<R>(reply: TextReply<R>, body: string | Readable): R {
  return reply
    .type('text/plain; charset=utf-8')
    .serializer((text) => text)
    .send(body as never);
}
