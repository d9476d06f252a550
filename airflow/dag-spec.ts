import { digestOf } from '#configs/canonical.ts';
import type { Pair } from '#configs/pair.ts';
import type { WantedSpec } from '#registry/pair-state.ts';

/**
 * What Airflow needs to know of a pair. It says nothing of versions: the API finds the live one when a run starts, so a
 * cut-over or a rollback on the same terms leaves every byte as it is, and the DAG keeps its history.
 */
export interface DagSpec extends Pair {
  readonly spec_version: 1;
  readonly dag_id: string;
  /** Five fields, read in `timezone`. */
  readonly schedule: string;
  readonly timezone: string;
  /** Requested moment of the pair's first live deployment, UTC: no day before it is scored. */
  readonly start_date: string;
  /**
   * Whether Airflow itself scores each day. With `scheduler: temporal` it is false: the DAG has no schedule, and can
   * still be triggered by hand. Not a pause: that only counts when a DAG is first seen.
   */
  readonly enabled: boolean;
  /** Digest of all other members; the loader refuses a file that is cut or edited. */
  readonly content_hash: string;
}

/** Names hold no dash, so no two pairs share an id. */
export function dagId(pair: Pair): string {
  return `millrace-${pair.model}-${pair.feature_set}`;
}

export const DAG_SPECS = 'airflow/dags/';

export function dagSpecKey(pair: Pair): string {
  return `${DAG_SPECS}${dagId(pair)}.json`;
}

/** Pure: the same terms always give the same bytes. */
export function dagSpec(pair: Pair, wanted: WantedSpec): DagSpec {
  const content = {
    spec_version: 1,
    dag_id: dagId(pair),
    model: pair.model,
    feature_set: pair.feature_set,
    schedule: wanted.schedule,
    timezone: wanted.timezone,
    start_date: wanted.start,
    enabled: wanted.scheduler === 'airflow',
  } as const;
  return { ...content, content_hash: digestOf(content) };
}
