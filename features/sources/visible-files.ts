import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import { startOf } from '../business-time.ts';
import { type BusinessDate, knownBefore } from '../query/availability.ts';
import type { FileFacts } from './file-facts.ts';

/** The UTC instant from which on a known time is too late for a date. */
export function tooLateFrom(source: SourceConfig, at: BusinessDate): string {
  const known = knownBefore(source, at);
  const instant = known.type === 'date' ? startOf(known.date, 'UTC').toInstant() : known.instant;
  return new Date(instant.epochMilliseconds).toISOString();
}

/** The UTC instant from which on everything is known that a partition of the date may see. */
export function completeFrom({ partition }: FeatureSetConfig, dt: string): string {
  return new Date(startOf(dt, partition.time_zone).epochMilliseconds).toISOString();
}

/** Whether a file may hold a row that was known on the date. One whose footer does not tell may. */
export function mayHoldKnown(source: SourceConfig, { earliest }: FileFacts, at: BusinessDate): boolean {
  const first = earliest[source.known_time];
  return first === undefined || (first !== null && first < tooLateFrom(source, at));
}
