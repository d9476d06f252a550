import type { PartFile } from '#features/partitions/partition.ts';

/** Rows `[first_row, first_row + rows)` of one part of a feature partition, counted in file order. */
export interface ShardSlice {
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
  readonly first_row: number;
  readonly rows: number;
}

/** What one activity scores and writes as one part. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  /** `part-00002-of-00017`: deterministic for a partition and row limit. */
  readonly name: string;
  readonly slices: readonly ShardSlice[];
  readonly rows: number;
}

/** Default rows per shard: about 100 MB of features with fifty columns. */
export const SHARD_ROWS = 250_000;

/**
 * Splits a partition's parts, in order, into shards of at most `maxRows` rows. All but the last are full, whatever the
 * sizes of the parts. Returns no shards for no rows.
 */
export function planShards(parts: readonly PartFile[], maxRows: number = SHARD_ROWS): readonly Shard[] {
  const groups: ShardSlice[][] = [];
  let room = 0;
  for (const { key, size, sha256, rows } of parts) {
    let first = 0;
    while (first < rows) {
      if (room === 0) {
        groups.push([]);
        room = maxRows;
      }
      const taken = Math.min(room, rows - first);
      groups.at(-1)?.push({ key, size, sha256, first_row: first, rows: taken });
      first += taken;
      room -= taken;
    }
  }
  return groups.map((slices, index) => ({
    index,
    name: `part-${fiveDigits(index)}-of-${fiveDigits(groups.length)}`,
    slices,
    rows: slices.reduce((sum, slice) => sum + slice.rows, 0),
  }));
}

function fiveDigits(value: number): string {
  return String(value).padStart(5, '0');
}
