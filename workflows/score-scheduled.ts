import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ScoringActivities } from '#activities/scoring.ts';
import type { ScoresSummary } from '#scoring/scores-summary.ts';
import type { ScoreScheduledInput } from './contract/messages.ts';
import { TURNS_OPTIONS } from './options.ts';

const scoring = proxyActivities<ScoringActivities>(TURNS_OPTIONS);

/**
 * Started by a pair's Temporal Schedule. A scheduled run's id carries a timestamp, so it cannot be the day's natural
 * key. This workflow finds the live version and ensures `scoreBatch` under that key, so an Airflow DAG or a person
 * joins the same run. Null for a tick whose time comes twice that day: the second one scores it.
 */
export async function scoreScheduled(input: ScoreScheduledInput): Promise<ScoresSummary | null> {
  return scoring.ensureLiveScores.executeWithOptions({ summary: `Score ${input.pair.model} for the day` }, [
    { ...input, scheduled_at: scheduledStart() },
  ]);
}

/** The scheduled time, not the start time: a run that starts late scores its own day. */
function scheduledStart(): string {
  const value = workflowInfo().searchAttributes['TemporalScheduledStartTime']?.[0];
  return value instanceof Date ? value.toISOString() : workflowInfo().startTime.toISOString();
}
