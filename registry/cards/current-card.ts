import type { VersionStage } from '../versions/stage.ts';
import type { Version } from '../versions/version.ts';

/** A card of a version as stored: the one it was registered with is revision 1. */
export interface CardRevision {
  readonly revision: number;
  readonly key: string;
  readonly sha256: string;
  /** Required fields that are still empty; the version cannot be approved while there are any. */
  readonly missing: readonly string[];
  /** Who revised the card, sorted; like the version's authors, they may not approve it. */
  readonly authors: readonly string[];
}

/** The card that a version has now. */
export function currentCard(version: Version, { card }: Pick<VersionStage, 'card'>): CardRevision {
  const { card_key: key, card_sha256: sha256, card_missing: missing } = version;
  return card ?? { revision: 1, key, sha256, missing, authors: [] };
}
