import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Verified, VerifyActivities } from '#activities/verify.ts';
import { STORE_OPTIONS } from './options.ts';

export interface VerifyProgress {
  readonly cursor: string | null;
  readonly pairs: number;
  /** Pairs with problems so far. */
  readonly differing: number;
}

export type VerifiedRegistry = Omit<VerifyProgress, 'cursor'>;

const registry = proxyActivities<VerifyActivities>(STORE_OPTIONS);

/**
 * Hourly: compares what exists outside the registry with what should, pair by pair, and has the reconcilers put right what
 * was lost, paused, edited or written by an older release.
 */
export async function verifyRegistry(progress: VerifyProgress | null = null): Promise<VerifiedRegistry> {
  let { cursor, pairs, differing } = progress ?? { cursor: null, pairs: 0, differing: 0 };
  do {
    const page: Verified & { readonly cursor: string | null } = await registry.verifyPairs.executeWithOptions(
      { summary: 'Compare pairs with what exists' },
      [{ cursor, run_id: workflowInfo().runId }],
    );
    cursor = page.cursor;
    pairs += page.pairs;
    differing += page.problems.length;
    setCurrentDetails(`${pairs} pairs checked; ${differing} differed`);
    if (cursor !== null && workflowInfo().continueAsNewSuggested)
      return continueAsNew<typeof verifyRegistry>({ cursor, pairs, differing });
  } while (cursor !== null);
  return { pairs, differing };
}
