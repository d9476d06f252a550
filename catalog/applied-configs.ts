import { digestOf } from '#configs/canonical.ts';
import type { ConfigSet, DocumentKey } from '#configs/config-set.ts';

/** The configs after one apply. Immutable: `base_digest` identifies exactly these documents, authors and revision. */
export interface AppliedConfigs {
  /** The state that a plan is based on. 32 hex characters. */
  readonly base_digest: string;
  /** 0 before anything was applied. */
  readonly revision: number;
  readonly configs: ConfigSet;
  /** Principal of the apply that last changed the document. */
  readonly authors: ReadonlyMap<DocumentKey, string>;
  /** Digest of every applied document, by key. */
  readonly digests: ReadonlyMap<DocumentKey, string>;
}

/** Content of a state object. It includes the revision, so that no two revisions share a digest. */
export interface ConfigState {
  readonly revision: number;
  readonly documents: Readonly<Record<DocumentKey, { readonly digest: string; readonly author: string }>>;
}

export const EMPTY_STATE: ConfigState = { revision: 0, documents: {} };
export const EMPTY_BASE_DIGEST = digestOf(EMPTY_STATE);

/** One entry of the config history. */
export interface ConfigRevision {
  readonly revision: number;
  readonly base_digest: string;
  /** `base_digest` of the previous revision. */
  readonly previous: string;
  readonly principal: string;
  /** UTC instant. */
  readonly applied_at: string;
  readonly command_id: string;
  /** What was created, changed or removed, sorted. */
  readonly changed: readonly ChangedKey[];
  /** Which of them were removed. */
  readonly removed: readonly DocumentKey[];
}

/** The training rules of the Platform document, named apart: a change of other rules makes nobody an author. */
export const TRAINING_RULES = 'Platform/platform#training';
export type ChangedKey = DocumentKey | typeof TRAINING_RULES;

export interface ApplyResult {
  readonly base_digest: string;
  readonly revision: number;
  /** Sorted; empty if nothing changed. */
  readonly created: readonly DocumentKey[];
  readonly changed: readonly DocumentKey[];
  readonly removed: readonly DocumentKey[];
}
