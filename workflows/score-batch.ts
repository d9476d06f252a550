import { isCancellation, log, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { FeatureActivities } from '#activities/features.ts';
import type { ScoringActivities } from '#activities/scoring.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { ScoresSummary } from '#scoring/scores-summary.ts';
import type { ScoreInput } from './contract/messages.ts';
import { inFlight } from './in-flight.ts';
import { SCORING_OPTIONS, STORE_OPTIONS, TURNS_OPTIONS } from './options.ts';
import { throughOutages } from './through-outages.ts';

const store = proxyActivities<ScoringActivities>(STORE_OPTIONS);
const rows = proxyActivities<ScoringActivities>(SCORING_OPTIONS);
const shared = proxyActivities<FeatureActivities>(TURNS_OPTIONS);

/** Shards scored at once; each holds a batch of rows in memory. */
const SHARDS_IN_FLIGHT = 4;

/** Scores one version for one day, on the newest partition that is fresh enough. */
export async function scoreBatch(input: ScoreInput): Promise<ScoresSummary> {
  const committed = await store.findScores.executeWithOptions({ summary: 'Look for the scores' }, [
    input.ref,
  ]);
  if (committed !== null) return committed;

  const partition = await freshPartition(input);
  const plan = await store.planShards.executeWithOptions({ summary: 'Plan the shards' }, [
    { ...input, partition },
  ]);
  await inFlight(SHARDS_IN_FLIGHT, [...Array(plan.shards).keys()], (index) =>
    throughOutages(() =>
      rows.scoreShard.executeWithOptions({ summary: `Score shard ${index + 1} of ${plan.shards}` }, [
        { ...input, partition, plan, index },
      ]),
    ),
  );
  const scores = await throughOutages(() =>
    rows.commitScores.executeWithOptions({ summary: 'Measure drift, commit the scores' }, [
      { ...input, partition, plan },
    ]),
  );
  setCurrentDetails(
    `**${scores.rows} rows**, ${scores.declined} declined, partition ${partition.dt}` +
      (scores.drifting.length > 0 ? `\n\nDrifting: ${scores.drifting.join(', ')}` : ''),
  );
  return scores;
}

/**
 * The newest partition date for the day, built if needed. If it cannot be built (late input, failed check), the
 * newest committed one within the set's staleness is used; the manifest records which.
 */
async function freshPartition(input: ScoreInput): Promise<PartitionRef> {
  const { newest, fallback, refresh } = await store.choosePartition.executeWithOptions(
    { summary: 'Choose the partition' },
    [input],
  );
  try {
    await shared.ensurePartition.executeWithOptions(
      { summary: `Ensure ${newest.feature_set} ${newest.dt}` },
      [{ ref: newest, configs: input.configs, ...(refresh && { refresh }) }],
    );
    return newest;
  } catch (error) {
    if (fallback === null || isCancellation(error)) throw error;
    log.warn('the newest partition cannot be built; using an older one', {
      newest: newest.dt,
      serves: fallback.dt,
    });
    return fallback;
  }
}
