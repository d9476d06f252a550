import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import { sourceColumn } from '#configs/source-columns.ts';
import { startOf } from '../business-time.ts';
import { type BusinessDate, knownBefore } from '../query/availability.ts';
import { heldColumn } from './file-columns.ts';
import type { ReadFile } from './file-facts.ts';

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
export function mayHoldKnown(source: SourceConfig, file: ReadFile, at: BusinessDate): boolean {
  const column = sourceColumn(source, source.known_time);
  const held = column === undefined ? undefined : heldColumn(file, column);
  const first = held?.in === 'file' ? file.facts.earliest[held.name] : undefined;
  return first === undefined || (first !== null && first < tooLateFrom(source, at));
}
