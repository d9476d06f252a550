import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Principal } from '#access/principal.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { WorkflowKind } from '#workflows/contract/ids.ts';
import { mayUse } from '../../plugins/authentication.ts';
import { LOG_START, type JobLogs, type LogPlace } from '../../workflows/job-logs.ts';
import { workflowStatusSchema, type WorkflowReader } from '../../workflows/reader.ts';
import { idParams, ownWorkflow, readId } from './workflow-id.ts';

export interface WorkflowRouteDeps {
  readonly reader: WorkflowReader;
  readonly logs: JobLogs;
}

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

/** Reads one workflow, and the logs of its jobs. */
export const oneWorkflowRoutes: FastifyPluginAsyncZod<WorkflowRouteDeps> = async (app, { reader, logs }) => {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const tags = ['workflows'];

  app.get(
    '/v1/workflows/*',
    {
      config: { role: ['viewer', 'scheduler'], team: 'workflow' },
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
      const { id, logs: isLog } = readId(request.params['*']);
      request.workflowId = id;
      refuseScheduler(request.principal, ownWorkflow(id).kind, isLog);
      if (!isLog) return reader.read(id);
      const place = request.query.from as LogPlace;
      await reader.row(id);
      if (request.query.follow) return sendText(reply, Readable.from(follow(id, place, request)));
      const { text, next } = await logs.read(id, place);
      return sendText(reply.header('x-next-place', next), text);
    },
  );

  async function* follow(id: string, from: LogPlace, request: FastifyRequest): AsyncGenerator<string> {
    const stop = AbortSignal.any([request.signal, closing.signal]);
    let place = from;
    while (!stop.aborted) {
      // The connection is cut, so that nobody takes the end of the log for the end of the workflow.
      if (!(await request.keyCounts()))
        throw new MillraceError('UNAUTHENTICATED', 'The API key was revoked.');
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

/** A scheduler reads the runs that it may start, not their logs. */
function refuseScheduler({ name, roles }: Principal, kind: WorkflowKind, isLog: boolean): void {
  if (mayUse({ roles }, 'viewer') || (kind === 'score' && !isLog)) return;
  throw new MillraceError(
    'FORBIDDEN',
    `${name} lacks the role viewer: a scheduler reads the status of scoring only.`,
    {
      details: { needs: 'viewer', has: roles },
    },
  );
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
