import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { VerifyActivities } from '#activities/verify.ts';
import type { ReconcileInput, Repaired } from './contract/messages.ts';
import { STORE_OPTIONS } from './options.ts';

const registry = proxyActivities<VerifyActivities>(STORE_OPTIONS);

/** Compares one pair with what exists at once, has its reconciler put right what differs, and tries failing steps again. */
export async function repairPair({ pair }: ReconcileInput): Promise<Repaired> {
  const problems = await registry.repairPair.executeWithOptions(
    { summary: 'Compare the pair with what exists' },
    [{ pair, run_id: workflowInfo().runId }],
  );
  return { problems };
}
