import { digestOf } from '#configs/canonical.ts';
import type { ConfigSet, DocumentKey } from '#configs/config-set.ts';

/** The configs as one apply left them. Immutable: `base_digest` names exactly these documents, authors and revision. */
export interface AppliedConfigs {
  /** What a plan is made on and an apply is conditional on. 32 hex characters. */
  readonly base_digest: string;
  /** 0 before anything was applied. */
  readonly revision: number;
  readonly configs: ConfigSet;
  /** Principal of the apply that last changed the document. */
  readonly authors: ReadonlyMap<DocumentKey, string>;
  /** Digest of each applied document; its keys are all that was applied. */
  readonly digests: ReadonlyMap<DocumentKey, string>;
}

/** What the object of a state holds. The revision is in it, so that no two revisions share a digest. */
export interface ConfigState {
  readonly revision: number;
  readonly documents: Readonly<Record<DocumentKey, { readonly digest: string; readonly author: string }>>;
}

export const EMPTY_STATE: ConfigState = { revision: 0, documents: {} };
export const EMPTY_BASE_DIGEST = digestOf(EMPTY_STATE);

/** One line of the history of configs. */
export interface ConfigRevision {
  readonly revision: number;
  readonly base_digest: string;
  /** `base_digest` of the revision before. */
  readonly previous: string;
  readonly principal: string;
  /** UTC instant. */
  readonly applied_at: string;
  readonly command_id: string;
  /** Documents created or changed. */
  readonly changes: number;
}

export interface ApplyResult {
  readonly base_digest: string;
  readonly revision: number;
  /** In order; empty when everything was as it is already. */
  readonly created: readonly DocumentKey[];
  readonly changed: readonly DocumentKey[];
}
