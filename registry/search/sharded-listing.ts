import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import type { TableHandle } from '#platform/table/table.ts';
import { keyOfToken, tokenOfKey, type Page, type PageRequest } from '#platform/table/page.ts';

/** A range of sort keys, spread over partitions of one index. A sort key occurs once in all of them. */
export interface ShardedListing {
  readonly index: 'gsi1' | 'gsi2';
  readonly partitions: readonly string[];
  /** Only keys that begin so. Default: all. */
  readonly prefix?: string;
  /** Only keys up to this one and those that begin with it. Default: all. */
  readonly through?: string;
}

const QUERIES_AT_ONCE = 8;
/** Parts of every sort key: names, numbers and times. */
const KEY = /^[\w:.-]+(\/[\w:.-]+)+$/;
/** They sort before and after every character of a key. */
const LOWEST = '!';
const HIGHEST = '~';

/**
 * One page of sort keys in ascending order, merged from all partitions. The next page begins after the last key, in
 * every partition. Eventually consistent. Throws `PAGE_TOKEN_INVALID`.
 */
export async function shardedPage(
  table: TableHandle,
  listing: ShardedListing,
  { limit = 50, after }: PageRequest,
): Promise<Page<string>> {
  const { prefix = '', through = prefix } = listing;
  const from = after === undefined ? prefix : `${keyOfToken(after, KEY)}${LOWEST}`;
  const to = `${through}${HIGHEST}`;
  // A page token may lie behind the end of a range that has become shorter.
  if (from > to) return { items: [] };
  const atOnce = pLimit(QUERIES_AT_ONCE);
  const shards = await Promise.all(
    listing.partitions.map((partition) =>
      atOnce(() => keysOf(table, { index: listing.index, partition, from, to, limit })),
    ),
  );
  const keys = shards.flatMap((shard) => shard.keys).toSorted((a, b) => (a < b ? -1 : 1));
  const items = keys.slice(0, limit);
  const last = items.at(-1);
  const more = keys.length > limit || shards.some((shard) => shard.more);
  return { items, ...(more && last !== undefined ? { next: tokenOfKey(last) } : {}) };
}

interface Range {
  readonly index: ShardedListing['index'];
  readonly partition: string;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

async function keysOf(table: TableHandle, { index, partition, from, to, limit }: Range) {
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: index,
      KeyConditionExpression: '#pk = :partition AND #sk BETWEEN :from AND :to',
      ProjectionExpression: '#sk',
      ExpressionAttributeNames: { '#pk': `${index}pk`, '#sk': `${index}sk` },
      ExpressionAttributeValues: { ':partition': partition, ':from': from || LOWEST, ':to': to },
      Limit: limit,
    }),
  );
  return { keys: Items.map((item) => String(item[`${index}sk`])), more: LastEvaluatedKey !== undefined };
}
