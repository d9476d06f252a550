/**
 * No partition date lies outside these, so that a mistyped year costs no more than a right one: at most 110,000 days or 3,600
 * months are ever listed.
 */
export const FIRST_PARTITION_DATE = '1900-01-01';
export const LAST_PARTITION_DATE = '2199-12-31';
