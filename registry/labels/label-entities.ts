import { CustomAttributeType, Entity } from 'electrodb';
import type { TableHandle } from '#platform/table/table.ts';
import { entityModel, number, pairAttributes, pairPartition, sortKey, text } from '../entity-parts.ts';

/**
 * Items for what people may change about a version: its tags, and the aliases that point to it. They are apart from the
 * version, whose item never changes.
 */
export function createLabelEntities(table: TableHandle) {
  const options = { client: table.client, table: table.name };

  /** The tags of a version; there is no item while it has none. */
  const tags = new Entity(
    {
      model: entityModel('tags'),
      attributes: {
        ...pairAttributes,
        version: number,
        tags: { type: CustomAttributeType<Readonly<Record<string, string>>>('any'), required: true },
        /** Digest of `tags`, on which the next change is conditional. */
        digest: text,
        changed_by: text,
        changed_at: text,
        listing_shard: text,
      },
      indexes: {
        byPair: { pk: pairPartition, sk: sortKey(['version'], 'tags#${version}') },
        tagged: {
          index: 'gsi2',
          projection: 'keys_only',
          pk: {
            field: 'gsi2pk',
            composite: ['listing_shard'],
            template: 'registry#tagged#${listing_shard}',
            casing: 'none',
          },
          sk: {
            field: 'gsi2sk',
            composite: ['model', 'feature_set', 'version'],
            template: '${model}/${feature_set}/${version}',
            casing: 'none',
          },
        },
      },
    },
    options,
  );

  const alias = new Entity(
    {
      model: entityModel('alias'),
      attributes: {
        ...pairAttributes,
        name: text,
        version: { type: 'number', required: true },
        /** `seq` of the commit that set it; it never repeats within a pair. */
        revision: { type: 'number', required: true },
        set_by: text,
        set_at: text,
        listing_shard: text,
      },
      indexes: {
        byPair: { pk: pairPartition, sk: sortKey(['name'], 'alias#${name}') },
        byName: {
          index: 'gsi2',
          projection: 'keys_only',
          pk: {
            field: 'gsi2pk',
            composite: ['name', 'listing_shard'],
            template: 'registry#alias#${name}#${listing_shard}',
            casing: 'none',
          },
          sk: {
            field: 'gsi2sk',
            composite: ['model', 'feature_set'],
            template: '${model}/${feature_set}',
            casing: 'none',
          },
        },
      },
    },
    options,
  );

  return { tags, alias };
}
