import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema } from '#configs/names.ts';
import { visibleText } from '#configs/visible-text.ts';
import { startImport } from '../../../starts/import.ts';
import type { StartDeps } from '../../../starts/start-deps.ts';
import { pairOf, pairParams } from '../../shared/params.ts';
import { answerRun, REPEATED_START, runResponses } from '../../shared/run.ts';

const importBody = z.strictObject({
  upload: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('Id of the upload'),
  as_of: dateSchema.describe('Evaluate on what was known on this date, and nothing later'),
  notes: visibleText(z.string().trim().max(2_000))
    .default('')
    .describe('Where the model comes from and how it was trained'),
});

export const importRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/versions',
    {
      config: { role: 'scientist', team: 'pair' },
      schema: {
        summary: 'Register an uploaded model that was trained elsewhere as the next version',
        description:
          'Verifies the upload, evaluates the model on the rows that a training of the pair would hold out, and registers it. Its gate `provenance` has failed, so an approval needs a waiver for it. The same files, date and configs are the same version. ' +
          REPEATED_START,
        tags: ['registry'],
        params: pairParams,
        body: importBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const { params, body, principal } = request;
      const asked = { pair: pairOf(params), ...body, principal: principal.name };
      return answerRun(request, reply, starts.starter, () => startImport(starts, asked));
    },
  );
};
