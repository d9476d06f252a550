import pLimit from 'p-limit';
import { LAST_PARTITION_DATE } from '#configs/partition-dates.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { lastPartitionDate, partitionDates } from '#features/calendar.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import type { InputStores } from '#features/partitions/inputs.ts';
import { planRefresh, standingAndStale } from '#features/partitions/refresh.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { partitionSummary, type PartitionSummary } from '#features/partitions/partition-summary.ts';
import type { MaterialiseInput } from '#workflows/contract/messages.ts';
import type { Started } from '../workflows/starter.ts';
import { refuseFuture } from './dates.ts';
import { staleNote, withNotes } from './stale-note.ts';
import type { StartDeps } from './start-deps.ts';

export interface MaterialiseRequest {
  readonly set: string;
  /** Partition dates of `[from, to]`, both included. */
  readonly from: string;
  readonly to: string;
  /** Build a new revision where sources or inputs have changed since the newest one. */
  readonly refresh: boolean;
  readonly principal: string;
}

const MOST_DATES = 500;
const STARTS_AT_ONCE = 8;

/** One run per partition date, oldest first. Throws `FEATURE_SET_UNKNOWN`, `DATES_HOLD_NO_PARTITION`, `DATE_IN_FUTURE`, `DATES_TOO_MANY`. */
export async function startMaterialise(
  deps: StartDeps,
  request: MaterialiseRequest,
): Promise<Started<PartitionSummary>[]> {
  const { base_digest, configs } = await deps.configs.current();
  const set = featureSetNamed(configs, request.set);
  const dates = datesAsked(request, set.partition, deps.now());
  const stores: InputStores = { ...deps, listed: new Map() };
  const choose = request.refresh ? planRefresh : standingAndStale;

  const startOne = async (dt: string): Promise<Started<PartitionSummary>> => {
    const { ref, build, stale } = await choose(stores, set, configs, dt);
    const started = await deps.starter.start({
      type: 'materialiseFeatures',
      workflowId: workflowId.materialise(ref),
      input: {
        ref,
        configs: base_digest,
        ...(build && ref.revision > 1 && { refresh: true }),
      } satisfies MaterialiseInput,
      summary: `Build ${set.name} as of ${dt}`,
      labels: { feature_set: set.name, team: set.owner },
      principal: request.principal,
      committed: async () => {
        const manifest = await deps.partitions.find(ref);
        return manifest && partitionSummary(manifest);
      },
    });
    const changed = stale === undefined || build ? [] : [ref];
    return withNotes(started, staleNote(changed), changed);
  };
  const limit = pLimit(STARTS_AT_ONCE);
  return Promise.all(dates.map((dt) => limit(() => startOne(dt))));
}

/** Checks the last date before it lists any, so that a range up to the year 9999 costs nothing. */
function datesAsked(
  { set, from, to }: MaterialiseRequest,
  partition: FeatureSetConfig['partition'],
  now: Date,
): readonly string[] {
  const range = from === to ? from : `${from} to ${to}`;
  const last = lastPartitionDate(partition, from, to);
  if (last === undefined) {
    if (from > LAST_PARTITION_DATE) refuseFuture(from, partition.time_zone, now);
    const { grain, start, end } = partition;
    throw new MillraceError(
      'DATES_HOLD_NO_PARTITION',
      `${range} holds no partition date of feature set "${set}".`,
      { details: { grain, start, ...(end !== undefined && { end }) } },
    );
  }
  refuseFuture(last, partition.time_zone, now);
  const dates = partitionDates(partition, from, to);
  if (dates.length > MOST_DATES)
    throw new MillraceError(
      'DATES_TOO_MANY',
      `${range} holds ${dates.length} dates; one request may hold ${MOST_DATES}.`,
    );
  return dates;
}
