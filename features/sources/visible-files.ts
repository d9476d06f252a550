import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import { addDays } from '../calendar.ts';
import type { FileFacts } from './file-facts.ts';

/** A date (`YYYY-MM-DD`) on which rows are known. */
export interface KnownOn {
  readonly date: string;
}

/** The UTC instant from which on a known time is too late for a date. */
export function tooLateFrom(_source: SourceConfig, { date }: KnownOn): string {
  return `${addDays(date, 1)}T00:00:00.000Z`;
}

/** The UTC instant from which on everything is known that a partition of the date may see. */
export function completeFrom(_set: FeatureSetConfig, dt: string): string {
  return `${addDays(dt, 1)}T00:00:00.000Z`;
}

/** Whether a file may hold a row that was known on the date. One whose footer does not tell may. */
export function mayHoldKnown(source: SourceConfig, { earliest }: FileFacts, on: KnownOn): boolean {
  const first = earliest[source.known_time];
  return first === undefined || (first !== null && first < tooLateFrom(source, on));
}
