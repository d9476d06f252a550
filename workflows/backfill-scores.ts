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
import { addDays } from '#features/calendar.ts';
import { childLabels } from './child-labels.ts';
import { workflowId } from './contract/ids.ts';
import type { BackfillInput, BackfillResult, FailedDate, FailedDates } from './contract/messages.ts';
import { STORE_OPTIONS } from './options.ts';
import { childOrRunning } from './running-child.ts';
import { scoreBatch } from './score-batch.ts';

const store = proxyActivities<ScoringActivities>(STORE_OPTIONS);

/** Dates in flight at once. */
const WINDOW = 4;
/** Dates per run; continue-as-new keeps each history short. */
const DATES_PER_RUN = 200;

/** Failed dates that are named; of the first one also the message. */
const NAMED = 100;
const LONGEST_MESSAGE = 1_000;

/**
 * Scores one version for each of many dates, a few at a time. A date that is already scored costs one lookup. A
 * failed date does not stop the others: the backfill continues, and fails at the end with the first code and the
 * failed dates.
 */
export async function backfillScores(input: BackfillInput): Promise<BackfillResult> {
  const { to } = input;
  let { from: next, done, failed } = input;
  let taken = 0;
  await Promise.all(Array.from({ length: WINDOW }, work));
  if (next <= to) return continueAsNew<typeof backfillScores>({ ...input, from: next, done, failed });
  refuseFailed(failed);
  return { dates: done };

  async function work(): Promise<void> {
    while (next <= to && taken < DATES_PER_RUN && !workflowInfo().continueAsNewSuggested) {
      const date = next;
      next = addDays(date, 1);
      taken += 1;
      try {
        await scoreDate(input, date);
        done += 1;
      } catch (error) {
        const cause = findCause(error);
        if (isCancellation(error) || cause === undefined) throw error;
        failed = withFailed(failed, { date, code: cause.code, message: cause.error.message });
      }
      setCurrentDetails(`${done} dates scored, ${failed.count} failed; next is ${next} of ${to}`);
    }
  }
}

function withFailed({ count, first, dates }: FailedDates, date: FailedDate): FailedDates {
  return {
    count: count + 1,
    first: first ?? { ...date, message: date.message.slice(0, LONGEST_MESSAGE) },
    dates: dates.length < NAMED ? [...dates, date.date] : dates,
  };
}

function refuseFailed({ count, first, dates }: FailedDates): void {
  if (first === null) return;
  const named = dates.toSorted();
  throw ApplicationFailure.create({
    type: first.code,
    nonRetryable: true,
    message: `${count} dates could not be scored (${named.slice(0, 20).join(', ')}); ${first.date}: ${first.message}`,
    details: [{ count, dates: named }],
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
