import type { EntityItem } from 'electrodb';
import type { Pair } from '#configs/pair.ts';
import { COPIES } from './dossier/dossier-copies.ts';
import type { Entities } from './entities.ts';
import type { PairState } from './pair-state.ts';

export type HeadItem = EntityItem<Entities['head']>;

/** The store that the state of a pair is read from. */
export interface HeadSource {
  readonly entities: Entities;
  /** Names of the dossier's listeners: a pair has work to do until each of them has every entry. */
  readonly listeners: readonly string[];
}

/** Strongly consistent; undefined for a pair without any commit. */
export async function readHead({ entities }: HeadSource, pair: Pair): Promise<HeadItem | undefined> {
  const { data } = await entities.head.get(pair).go({ consistent: true });
  return data ?? undefined;
}

/** Like `readHead`, but returns an empty state for a pair without any commit. */
export async function readState(source: HeadSource, pair: Pair): Promise<PairState> {
  const head = await readHead(source, pair);
  return head === undefined ? emptyState(pair) : stateOf(source, head);
}

export function stateOf({ listeners }: HeadSource, head: HeadItem): PairState {
  const { model, feature_set, seq, state, attempts = {}, delivered = {} } = head;
  const reached = (name: string): number => delivered[name] ?? 0;
  return {
    model,
    feature_set,
    seq,
    ...state,
    attempts,
    dossier: {
      ...state.dossier,
      copied: reached(COPIES),
      delivered: Math.min(...listeners.map(reached)),
    },
  };
}

export function emptyState({ model, feature_set }: Pair): PairState {
  return {
    model,
    feature_set,
    seq: 0,
    last_version: 0,
    last_deployment: 0,
    last_boundary: null,
    live: null,
    to_deploy: [],
    scheduled: [],
    ended: [],
    first_live_at: null,
    emitted: null,
    spec_lost_at: null,
    attempts: {},
    dossier: { count: 0, digest: '0'.repeat(64), copied: 0, delivered: 0 },
  };
}
