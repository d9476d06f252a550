import type { Client } from '@temporalio/client';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { buildSchema, workerBuilds } from '../../workers/builds.ts';
import { workerHealth, workersSchema } from '../../workers/worker-health.ts';

export interface WorkerRouteDeps {
  readonly temporal: Client;
  readonly now: () => Date;
}

const answerSchema = workersSchema
  .extend({ builds: z.array(buildSchema).describe('Empty where versioning was never on') })
  .meta({ id: 'WorkersAndBuilds' });

export const workerListRoutes: FastifyPluginAsyncZod<WorkerRouteDeps> = async (app, { temporal, now }) => {
  app.get(
    '/v1/workers',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Task queues with what waits there, and workers with their slots and builds',
        description: 'As Temporal knows them: workers report to it every ten seconds.',
        tags: ['workers'],
        response: { 200: answerSchema },
      },
    },
    async () => {
      const [health, builds] = await Promise.all([workerHealth(temporal, now()), workerBuilds(temporal)]);
      return { ...health, builds: [...builds] };
    },
  );
};
