import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { receivedError } from '#platform/child-service/sent-error.ts';
import { definitionDigest } from '../definition.ts';
import { assertBegun, assertPartitionDate } from '../partitions/assert-date.ts';
import type { PartitionStore } from '../partitions/partition-store.ts';
import type { PreviewedRows } from './preview.ts';
import { createRowsChild, type RowsDeps } from './rows-child-process.ts';
import { setSteps } from './set-steps.ts';

/** Seconds, and what DuckDB may hold in memory and on disk. Two previews, one after the other, fit into a request. */
const LIMITS = { seconds: 25, memory: '512MB', disk: '1GB' } as const;
const child = createRowsChild({ seconds: LIMITS.seconds, processMiB: 1_536 });

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
  const outcome = await child(
    deps,
    ({ env, folder }) => {
      const limits = { MILLRACE_DUCKDB_MEMORY: LIMITS.memory, MILLRACE_DUCKDB_DISK: LIMITS.disk };
      const place = { env: { ...env, ...limits }, folder };
      return { kind: 'preview', place, steps, limit };
    },
    signal,
  );
  if ('exhausted' in outcome) throw tooLarge(name, dt, EXHAUSTED[outcome.exhausted]);
  const { answer } = outcome;
  if (answer.kind === 'preview') return answer.preview;
  if (answer.kind !== 'error') throw new TypeError('The answer is to other work.');
  if (answer.error.code !== 'ENGINE_OUT_OF_MEMORY') throw receivedError(answer.error);
  throw tooLarge(name, dt, /disk/.test(answer.error.message) ? DISK : EXHAUSTED.memory);
}

const EXHAUSTED = { time: `${LIMITS.seconds} seconds`, memory: `${LIMITS.memory} of memory` } as const;
const DISK = `${LIMITS.memory} of memory and ${LIMITS.disk} of disk`;

function tooLarge(set: string, dt: string, limit: string): MillraceError {
  return new MillraceError('PREVIEW_TOO_LARGE', `A preview of "${set}" at ${dt} needs more than ${limit}.`, {
    details: { feature_set: set, dt, limit },
  });
}
