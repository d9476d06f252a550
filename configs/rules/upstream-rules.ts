import { daysBetween } from '../partition-dates.ts';
import type { FeatureSetConfig } from '../feature-set.ts';
import type { Fault } from '../schema-problems.ts';
import { fault, type References } from './references.ts';

/**
 * A set reads another one at its own partition date or, if the other has partitions less often, at the newest date of the other
 * that may serve it. So every date of the set needs such a date.
 */
export function upstreamFaults(set: FeatureSetConfig, { configs }: Pick<References, 'configs'>): Fault[] {
  return set.feature_sets.flatMap((name, index) => {
    const upstream = configs.featureSets.get(name)?.partition;
    if (upstream === undefined) return [];
    const path = ['feature_sets', index];
    const { start, time_zone } = set.partition;
    if (upstream.time_zone !== time_zone) {
      const message = `the dates of ${name} begin in ${upstream.time_zone}, those of this set in ${time_zone}`;
      return [fault('CONFIG_INVALID_VALUE', path, message, { expected: 'sets of one partition.time_zone' })];
    }
    if (upstream.start > start) {
      return [
        fault('CONFIG_INVALID_VALUE', path, `${name} starts on ${upstream.start}, this set on ${start}`),
      ];
    }
    const message = endsTooEarly(name, upstream, set.partition);
    return message === undefined ? [] : [fault('CONFIG_INVALID_VALUE', path, message)];
  });
}

type Partition = FeatureSetConfig['partition'];

function endsTooEarly(name: string, upstream: Partition, { grain, end }: Partition): string | undefined {
  if (upstream.end === undefined) return undefined;
  const last = `${name} ends on ${upstream.end}`;
  const isCoarser = upstream.grain === 'month' && grain === 'day';
  if (end === undefined || (!isCoarser && upstream.end < end)) return `${last}, before this set does`;
  const { max_staleness } = upstream;
  return daysBetween(upstream.end, end) > Number.parseInt(max_staleness, 10)
    ? `${last} and serves ${max_staleness} longer, this set ends on ${end}`
    : undefined;
}
