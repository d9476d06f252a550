import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ScoringActivities } from '#activities/scoring.ts';
import type { ScoresSummary } from '#scoring/scores-summary.ts';
import type { ScoreScheduledInput } from './contract/messages.ts';
import { TURNS_OPTIONS } from './options.ts';

const scoring = proxyActivities<ScoringActivities>(TURNS_OPTIONS);

/**
 * What a pair's Temporal Schedule starts. A scheduled run's id carries a time stamp, so it cannot be the day's natural
 * key; this workflow finds the live version and ensures `scoreBatch` under that key, the same run an Airflow DAG or a
 * person would get.
 */
export async function scoreScheduled(input: ScoreScheduledInput): Promise<ScoresSummary> {
  return scoring.ensureLiveScores.executeWithOptions({ summary: `Score ${input.pair.model} for the day` }, [
    { ...input, scheduled_at: scheduledStart() },
  ]);
}

/** The tick, not the moment the worker got round to it: a run that was caught up scores its own day. */
function scheduledStart(): string {
  const value = workflowInfo().searchAttributes['TemporalScheduledStartTime']?.[0];
  return value instanceof Date ? value.toISOString() : workflowInfo().startTime.toISOString();
}
