import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Pair } from '#configs/pair.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { ReconcileInput, Repaired } from '#workflows/contract/messages.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import type { Started } from '../../workflows/starter.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { answerRun, REPEATED_START, runResponses } from '../shared/run.ts';

export const repairRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/repair',
    {
      config: { role: 'operator', team: 'pair' },
      schema: {
        summary:
          'Compare schedule, DAG spec and dossier copies of a pair with the registry, and put right what differs',
        description: `Steps of the reconciler that fail are tried again at once. A sweep does the same for every pair each hour. ${REPEATED_START}`,
        tags: ['workflows'],
        params: pairParams,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const pair = pairOf(request.params);
      return answerRun(request, reply, starts.starter, () => start(starts, pair, request.principal.name));
    },
  );
};

/** Throws `PAIR_NOT_FOUND`. */
async function start(
  { registry, starter }: StartDeps,
  pair: Pair,
  principal: string,
): Promise<Started<Repaired>> {
  await registry.state(pair);
  return starter.start<Repaired>({
    type: 'repairPair',
    workflowId: workflowId.repair(pair),
    input: { pair } satisfies ReconcileInput,
    summary: `Repair ${pair.model} on ${pair.feature_set}`,
    labels: pair,
    principal,
    // What was right before may be wrong now.
    committed: () => Promise.resolve(undefined),
  });
}
