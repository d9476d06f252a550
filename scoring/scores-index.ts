import { Entity } from 'electrodb';
import type { Pair } from '#configs/pair.ts';
import { onePage, type Page, type PageRequest } from '#platform/table/page.ts';
import type { TableHandle } from '#platform/table/table.ts';
import type { ScoresManifest, ScoresRef } from './scores.ts';

/** One committed scores partition, as shown in listings. */
export interface ScoresEntry extends ScoresRef {
  readonly manifest_key: string;
  readonly rows: number;
  readonly declined: number;
  readonly partition_date: string;
  /** Features, or the score, whose population stability index is at alert level. */
  readonly drifting: readonly string[];
  readonly built_at: string;
}

/** Index of committed scores by pair and date. Manifests are authoritative: every item can be rebuilt from its manifest. */
export function openScoresIndex(table: TableHandle) {
  const entity = scoresEntity(table);
  const range = (pair: Pair, from: string, to: string) =>
    entity.query
      .scores({ model: pair.model, feature_set: pair.feature_set })
      .between({ score_date: from }, { score_date: to, version: MOST, revision: MOST });
  return {
    put: async (manifest: ScoresManifest, manifestKey: string): Promise<void> => {
      await entity.put(entryOf(manifest, manifestKey)).go();
    },

    /** Ascending by date, version and revision. */
    between: async (pair: Pair, from: string, to: string): Promise<readonly ScoresEntry[]> => {
      const { data } = await range(pair, from, to).go({ consistent: true, pages: 'all' });
      return data;
    },

    /** The same, page by page. */
    page: (
      pair: Pair,
      dates: { readonly from: string; readonly to: string },
      page: PageRequest,
    ): Promise<Page<ScoresEntry>> =>
      onePage(range(pair, dates.from, dates.to), page, { consistent: true }, (entry) => entry),

    ofVersion: async (pair: Pair, scoreDate: string, version: number): Promise<readonly ScoresEntry[]> => {
      const { data } = await entity.query
        .scores({ model: pair.model, feature_set: pair.feature_set, score_date: scoreDate, version })
        .go({ consistent: true, pages: 'all' });
      return data;
    },
  };
}

/** Numbers in keys have six digits. */
const MOST = 999_999;

function entryOf(manifest: ScoresManifest, manifestKey: string): ScoresEntry & { drifting: string[] } {
  return {
    model: manifest.model,
    feature_set: manifest.feature_set,
    version: manifest.version,
    score_date: manifest.score_date,
    revision: manifest.revision,
    manifest_key: manifestKey,
    rows: manifest.rows,
    declined: manifest.declined,
    partition_date: manifest.partition.dt,
    drifting: manifest.drift.filter(({ level }) => level === 'alert').map(({ name }) => name),
    built_at: manifest.built_at,
  };
}

function scoresEntity(table: TableHandle) {
  const padding = { length: 6, char: '0' };
  return new Entity(
    {
      model: { entity: 'scores', version: '1', service: 'millrace' },
      attributes: {
        model: { type: 'string', required: true },
        feature_set: { type: 'string', required: true },
        score_date: { type: 'string', required: true },
        version: { type: 'number', required: true, padding },
        revision: { type: 'number', required: true, padding },
        manifest_key: { type: 'string', required: true },
        rows: { type: 'number', required: true },
        declined: { type: 'number', required: true },
        partition_date: { type: 'string', required: true },
        drifting: { type: 'list', items: { type: 'string' }, required: true },
        built_at: { type: 'string', required: true },
      },
      indexes: {
        scores: {
          pk: { field: 'pk', composite: ['model', 'feature_set'] },
          sk: { field: 'sk', composite: ['score_date', 'version', 'revision'] },
        },
      },
    },
    { client: table.client, table: table.name },
  );
}
