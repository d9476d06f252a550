import { digestOf } from '#configs/canonical.ts';
import type { Pair } from '#configs/pair.ts';
import type { WantedSpec } from '#registry/pair-state.ts';

/**
 * What Airflow needs to know about a pair. It names no version: the API finds the live one when a run starts. So a
 * cut-over or a rollback on the same terms changes no byte, and the DAG keeps its history.
 */
export interface DagSpec extends Pair {
  readonly spec_version: 1;
  readonly dag_id: string;
  /** Five cron fields, in `timezone`. */
  readonly schedule: string;
  readonly timezone: string;
  /** Requested go-live time of the pair's first live deployment, UTC. No earlier day is scored. */
  readonly start_date: string;
  /**
   * Whether Airflow itself scores each day. With `scheduler: temporal` it is false: the DAG has no schedule, but can
   * still be triggered by hand. A paused DAG would not do, because Airflow applies that flag only when it first sees a
   * DAG.
   */
  readonly enabled: boolean;
  /** Digest of all other members. The loader rejects a file that was truncated or edited. */
  readonly content_hash: string;
}

/** Names contain no hyphen, so two pairs never share an id. */
export function dagId(pair: Pair): string {
  return `millrace-${pair.model}-${pair.feature_set}`;
}

export const DAG_SPECS = 'airflow/dags/';

export function dagSpecKey(pair: Pair): string {
  return `${DAG_SPECS}${dagId(pair)}.json`;
}

/** The pair that an object is named after, if it is named after one. */
export function pairOfKey(key: string): Pair | undefined {
  const [, model, feature_set] = /^airflow\/dags\/millrace-([a-z0-9_]+)-([a-z0-9_]+)\.json$/.exec(key) ?? [];
  return model === undefined || feature_set === undefined ? undefined : { model, feature_set };
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
