import {
  ApplicationFailure,
  continueAsNew,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { ScoringActivities } from '#activities/scoring.ts';
import { findCause } from '#errors/cause.ts';
import { childLabels } from './child-labels.ts';
import { workflowId } from './contract/ids.ts';
import type { BackfillInput, BackfillResult, FailedDate } from './contract/messages.ts';
import { STORE_OPTIONS } from './options.ts';
import { childOrRunning } from './running-child.ts';
import { scoreBatch } from './score-batch.ts';

const store = proxyActivities<ScoringActivities>(STORE_OPTIONS);

/** Dates in flight at once. */
const WINDOW = 4;
/** Dates per run; continue-as-new keeps each history short. */
const DATES_PER_RUN = 200;

/**
 * Scores one version for each of many dates, a few at a time. A date that is already scored costs one lookup. A
 * failed date does not stop the others: the backfill continues, and fails at the end with the first code and all
 * failed dates.
 */
export async function backfillScores(input: BackfillInput): Promise<BackfillResult> {
  const queue = [...input.dates];
  const failed = [...input.failed];
  let done = input.done;
  const budget = Math.min(queue.length, DATES_PER_RUN);
  let taken = 0;
  await Promise.all(Array.from({ length: Math.min(WINDOW, budget) }, work));
  if (queue.length > 0) return continueAsNew<typeof backfillScores>({ ...input, dates: queue, done, failed });
  refuseFailed(failed);
  return { dates: done };

  async function work(): Promise<void> {
    while (taken < budget && !workflowInfo().continueAsNewSuggested) {
      const date = queue.shift();
      if (date === undefined) return;
      taken += 1;
      try {
        await scoreDate(input, date);
        done += 1;
      } catch (error) {
        const cause = findCause(error);
        if (isCancellation(error) || cause === undefined) throw error;
        failed.push({ date, code: cause.code, message: cause.error.message });
      }
      setCurrentDetails(`${done} dates scored, ${failed.length} failed, ${queue.length} to do`);
    }
  }
}

function refuseFailed(failed: readonly FailedDate[]): void {
  const [first] = failed;
  if (first === undefined) return;
  const dates = failed.map(({ date }) => date).toSorted();
  throw ApplicationFailure.create({
    type: first.code,
    nonRetryable: true,
    message: `${failed.length} dates could not be scored (${dates.slice(0, 20).join(', ')}); ${first.date}: ${first.message}`,
    details: [{ dates }],
  });
}

async function scoreDate(input: BackfillInput, date: string): Promise<void> {
  const ref = { ...input.pair, version: input.version, score_date: date, revision: 1 };
  const committed = await store.findScores.executeWithOptions({ summary: `Look for scores of ${date}` }, [
    ref,
  ]);
  if (committed !== null) return;
  const id = workflowId.score(ref);
  await childOrRunning(id, () =>
    executeChild(scoreBatch, {
      workflowId: id,
      args: [{ ref, configs: input.configs }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `Score ${input.pair.model} v${input.version} for ${date}`,
      ...childLabels({ ...input.pair, version: input.version }),
    }),
  );
}
