import { sha256Hex } from '#configs/canonical.ts';
import { pairKey, type Pair } from '#configs/pair.ts';

/**
 * Index partitions, so that no single key takes every write of a busy midnight. Changing a number moves every key of
 * its index.
 */
const DUE_SHARDS = 16;
const LISTING_SHARDS = 8;

/** Spreads the pairs of one model too. */
export function dueShard(pair: Pair): string {
  return shardOf(pairKey(pair), DUE_SHARDS);
}

/** By model, so that a listing of one model reads one partition. */
export function listingShard({ model }: Pick<Pair, 'model'>): string {
  return shardOf(model, LISTING_SHARDS);
}

export function duePartitions(): readonly string[] {
  return shardNames(DUE_SHARDS).map((shard) => `registry#due#${shard}`);
}

/** `what`: `pair`, or `stage#<stage>`. */
export function listingPartitions(what: string, model?: string): readonly string[] {
  const shards = model === undefined ? shardNames(LISTING_SHARDS) : [listingShard({ model })];
  return shards.map((shard) => `registry#${what}#${shard}`);
}

function shardOf(text: string, shards: number): string {
  return shardName(Number.parseInt(sha256Hex(text).slice(0, 8), 16) % shards);
}

function shardNames(shards: number): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => shardName(shard));
}

function shardName(shard: number): string {
  return String(shard).padStart(2, '0');
}
