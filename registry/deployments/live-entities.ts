import { CustomAttributeType, Entity } from 'electrodb';
import type { TableHandle } from '#platform/table/table.ts';
import { entityModel, pairAttributes, pairPartition, sortKey, text } from '../entity-parts.ts';
import type { EndedBy } from './deployment.ts';

const version = { type: 'number', required: true } as const;
const deployment = { type: 'number', required: true } as const;

/**
 * What was live when, sorted by time, so that no read depends on how often a pair was deployed. Both items are written
 * in the transaction that changes the live version.
 */
export function createLiveEntities(table: TableHandle) {
  const options = { client: table.client, table: table.name };

  /** One interval in which one version was live. Its deployment holds the same times. */
  const interval = new Entity(
    {
      model: entityModel('interval'),
      attributes: {
        ...pairAttributes,
        live_from: text,
        deployment,
        version,
        /** Absent while it is live, as is `ended_by`. */
        live_until: { type: 'string' },
        ended_by: { type: CustomAttributeType<EndedBy>('string') },
      },
      indexes: { byPair: { pk: pairPartition, sk: sortKey(['live_from'], 'interval#${live_from}') } },
    },
    options,
  );

  /**
   * A version that a rollback may lead to by itself: its last interval, which began at `live_from`, was ended by a
   * promotion of another version. It is removed when the version goes live again or is withdrawn.
   */
  const fallback = new Entity(
    {
      model: entityModel('fallback'),
      attributes: { ...pairAttributes, live_from: text, version },
      indexes: { byPair: { pk: pairPartition, sk: sortKey(['live_from'], 'fallback#${live_from}') } },
    },
    options,
  );

  return { interval, fallback };
}
