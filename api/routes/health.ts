import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import { isReady, type Check } from '../readiness.ts';

const checkSchema = z.object({
  name: z.string(),
  ok: z.boolean(),
  ms: z.number(),
  message: z.string().optional(),
});

/** `/healthz`: the process answers. `/readyz`: what it stands on answers too. */
export const healthRoutes: FastifyPluginAsyncZod<{ readonly ready: () => Promise<Check[]> }> = async (
  app,
  { ready },
) => {
  const config = { role: 'public' } as const;
  const tags = ['health'];
  app.get(
    '/healthz',
    {
      config,
      schema: { summary: 'The process is alive', tags, response: { 200: z.object({ ok: z.literal(true) }) } },
    },
    async () => ({ ok: true as const }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: {
        summary: 'Temporal, table and bucket respond; 503 names those that do not',
        description:
          'An overdue sweep and a task queue without a worker are among the checks, and do not make the answer a 503.',
        tags,
        response: { 200: z.object({ ok: z.literal(true), checks: z.array(checkSchema) }) },
      },
    },
    async () => {
      const checks = await ready();
      if (isReady(checks)) return { ok: true as const, checks };
      const failed = checks.filter((check) => !check.ok);
      const what = failed.map(({ name, message }) => `${name}: ${message ?? 'failed'}`).join('; ');
      throw new MillraceError('NOT_READY', what, { details: { problems: checks } });
    },
  );
};
