/**
 * No partition date lies outside these, so that a mistyped year costs no more than a right one: at most 110,000 days or 3,600
 * months are ever listed.
 */
export const FIRST_PARTITION_DATE = '1900-01-01';
export const LAST_PARTITION_DATE = '2199-12-31';

const DAY_MS = 86_400_000;

/** Days from one date to another, both `YYYY-MM-DD`; negative if `to` is the earlier one. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00.000Z`) - Date.parse(`${from}T00:00:00.000Z`)) / DAY_MS;
}
