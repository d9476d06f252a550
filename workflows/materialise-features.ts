import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { FeatureActivities } from '#activities/features.ts';
import type { PartitionSummary } from '#features/partitions/partition-summary.ts';
import type { MaterialiseInput } from './contract/messages.ts';
import { inFlight, PARTITIONS_IN_FLIGHT } from './in-flight.ts';
import { FEATURES_OPTIONS, STORE_OPTIONS, TURNS_OPTIONS } from './options.ts';
import { throughOutages } from './through-outages.ts';

const store = proxyActivities<FeatureActivities>(STORE_OPTIONS);
const shared = proxyActivities<FeatureActivities>(TURNS_OPTIONS);
const engine = proxyActivities<FeatureActivities>(FEATURES_OPTIONS);

/** Builds one immutable partition, or returns the committed one. */
export async function materialiseFeatures(input: MaterialiseInput): Promise<PartitionSummary> {
  const { ref } = input;
  const committed = await store.findPartition.executeWithOptions({ summary: 'Look for the partition' }, [
    ref,
  ]);
  if (committed !== null) return committed;

  await ensureUpstream(input);
  const summary = `Build ${ref.feature_set} as of ${ref.dt}`;
  const built = await throughOutages(() => engine.buildPartition.executeWithOptions({ summary }, [input]));
  setCurrentDetails(describe(built));
  return built;
}

/** A set may read other sets at the same date; each is built once, even if several sets need it, and many at a time. */
async function ensureUpstream(input: MaterialiseInput): Promise<void> {
  const upstream = await store.upstreamPartitions.executeWithOptions({ summary: 'List the sets it reads' }, [
    input,
  ]);
  await inFlight(PARTITIONS_IN_FLIGHT, upstream, ({ refresh, ...ref }) =>
    shared.ensurePartition.executeWithOptions({ summary: `Ensure ${ref.feature_set} ${ref.dt}` }, [
      { ref, configs: input.configs, ...(refresh && { refresh }) },
    ]),
  );
}

function describe(built: PartitionSummary): string {
  const warnings = built.warnings.map((warning) => `- ${warning}`).join('\n');
  return `**${built.rows} rows** in \`${built.manifest_key}\`${warnings === '' ? '' : `\n\nWarnings:\n${warnings}`}`;
}
