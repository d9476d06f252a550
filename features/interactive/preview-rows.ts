import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { definitionDigest } from '../definition.ts';
import { assertBegun, assertPartitionDate } from '../partitions/assert-date.ts';
import type { PartitionStore } from '../partitions/partition-store.ts';
import type { PreviewedRows } from './preview.ts';
import { answerWithin, INTERACTIVE_LIMITS, withinLimits } from './interactive-limits.ts';
import { createRowsChild, lakeEnvironment, type RowsDeps } from './rows-child-process.ts';
import { setSteps } from './set-steps.ts';

const child = createRowsChild(INTERACTIVE_LIMITS);

export interface PreviewDeps extends RowsDeps {
  readonly partitions: Pick<PartitionStore, 'newest'>;
}

export interface PreviewRequest {
  readonly set: string;
  readonly dt: string;
  /** Number of rows. */
  readonly limit: number;
  readonly now: Date;
}

/**
 * The first rows of a set at a date as a build would give them, in a child process that `signal` ends. Commits nothing. A
 * set that it reads is read from its partition, or computed too if there is none. Throws `DATE_IN_FUTURE`,
 * `PARTITION_DATE_INVALID`, `PREVIEW_TOO_LARGE`, and the errors of `setSteps` and `previewSteps`.
 */
export async function previewRows(
  deps: PreviewDeps,
  configs: FeatureConfigs,
  { set: name, dt, limit, now }: PreviewRequest,
  signal: AbortSignal,
): Promise<PreviewedRows> {
  const set = featureSetNamed(configs, name);
  assertBegun(set, dt, now);
  assertPartitionDate(set, dt);
  const steps = await setSteps(
    configs,
    { set: name, dt },
    {
      source: (source) => ({ kind: 'source', source }),
      set: async (below, at) => {
        const manifest = await deps.partitions.newest(below.name, definitionDigest(below, configs), at);
        return manifest === undefined ? undefined : { kind: 'partition', manifest };
      },
    },
  );
  const env = withinLimits(await lakeEnvironment(deps));
  const outcome = await child(env, (place) => ({ kind: 'preview', place, steps, limit }), signal);
  const answer = answerWithin(outcome, `A preview of "${name}" at ${dt}`);
  if (answer.kind !== 'preview') throw new TypeError('The answer is to other work.');
  return answer.preview;
}
