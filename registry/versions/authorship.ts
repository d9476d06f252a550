import type { RiskTier } from '#configs/model.ts';
import type { VersionStage } from './stage.ts';
import type { Version } from './version.ts';

/** Who counts as an author of a version, and by which rule it is approved. */
export type Authorship = Pick<Version, 'authors' | 'authors_since' | 'approval_tier'>;

const TIERS: readonly RiskTier[] = ['low', 'medium', 'high'];

export function higherTier(a: RiskTier, b: RiskTier): RiskTier {
  return TIERS.indexOf(a) >= TIERS.indexOf(b) ? a : b;
}

/**
 * Whether what went into a version was reviewed by somebody else. An approval by an author reviews nothing, and a
 * withdrawn version is not built upon.
 */
export function isReviewed({ stage, judgements }: VersionStage): boolean {
  if (['registered', 'rejected', 'withdrawn', 'deleted'].includes(stage)) return false;
  return judgements.some(({ verdict, by_author }) => verdict === 'approve' && !by_author);
}
