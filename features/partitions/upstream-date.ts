import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { upstreamDate } from '../calendar.ts';

/** The date of a set that another one reads at its own date. Throws `UPSTREAM_PARTITION_MISSING`. */
export function upstreamDateOf({ name, partition }: FeatureSetConfig, readAt: string): string {
  const dt = upstreamDate(partition, readAt);
  if (dt !== undefined) return dt;
  throw new MillraceError(
    'UPSTREAM_PARTITION_MISSING',
    `Feature set "${name}" has no partition date at most ${partition.max_staleness} before ${readAt}.`,
    { details: { feature_set: name, read_at: readAt, partition } },
  );
}
