import { Entity } from 'electrodb';
import { onePage, type Page, type PageRequest } from '#platform/table/page.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { manifestKey } from './manifest.ts';
import type { PartitionManifest, PartitionRef } from './partition.ts';

/** One committed partition, as shown in listings. */
export interface PartitionEntry extends PartitionRef {
  readonly manifest_key: string;
  readonly rows: number;
  readonly built_at: string;
  /** Of all parts. */
  readonly bytes?: number;
  /** How long the build took. */
  readonly seconds?: number;
}

/** Index of committed partitions. Manifests are authoritative: every item can be rebuilt from its manifest. */
export function openPartitionIndex(table: TableHandle) {
  const entity = partitionEntity(table);
  const range = (set: string, definition: string, from: string, to: string) =>
    entity.query
      .partitions({ feature_set: set, definition_digest: definition })
      .between({ dt: from }, { dt: to, revision: MOST });
  return {
    put: async (manifest: PartitionManifest): Promise<void> => {
      const { feature_set, definition_digest, dt, revision, rows, built_at, parts } = manifest;
      await entity
        .put({
          feature_set,
          definition_digest,
          dt,
          revision,
          rows,
          built_at,
          bytes: parts.reduce((sum, { size }) => sum + size, 0),
          ...(manifest.build_seconds !== undefined && { seconds: manifest.build_seconds }),
          manifest_key: manifestKey(manifest),
        })
        .go();
    },

    /** Ascending by date and revision; both dates are inclusive. */
    between: async (
      set: string,
      definition: string,
      from: string,
      to: string,
    ): Promise<readonly PartitionEntry[]> => {
      const { data } = await range(set, definition, from, to).go({ consistent: true, pages: 'all' });
      return data;
    },

    /** The same, page by page. */
    page: (
      set: string,
      definition: string,
      dates: { readonly from: string; readonly to: string },
      page: PageRequest,
    ): Promise<Page<PartitionEntry>> =>
      onePage(range(set, definition, dates.from, dates.to), page, { consistent: true }, (entry) => entry),
  };
}

/** Revisions in keys have six digits. */
const MOST = 999_999;

function partitionEntity(table: TableHandle) {
  return new Entity(
    {
      model: { entity: 'partition', version: '1', service: 'millrace' },
      attributes: {
        feature_set: { type: 'string', required: true },
        definition_digest: { type: 'string', required: true },
        dt: { type: 'string', required: true },
        revision: { type: 'number', required: true, padding: { length: 6, char: '0' } },
        manifest_key: { type: 'string', required: true },
        rows: { type: 'number', required: true },
        built_at: { type: 'string', required: true },
        bytes: { type: 'number' },
        seconds: { type: 'number' },
      },
      indexes: {
        partitions: {
          pk: { field: 'pk', composite: ['feature_set', 'definition_digest'] },
          sk: { field: 'sk', composite: ['dt', 'revision'] },
        },
      },
    },
    { client: table.client, table: table.name },
  );
}
