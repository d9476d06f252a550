import type { ObjectStore } from '#platform/objects/object-store.ts';
import { currentCard } from '#registry/cards/current-card.ts';
import { evidenceOf } from '#registry/versions/judgement.ts';
import type { VersionStage } from '#registry/versions/stage.ts';
import type { Version } from '#registry/versions/version.ts';

/** A version as the API shows it: the immutable item with its stage, approvals, card and the URIs of its artifacts. */
export function showVersion(
  objects: Pick<ObjectStore, 'uri'>,
  version: Version,
  { stage, since, judgements, card, withdrawal }: VersionStage,
) {
  const artifacts = version.artifacts.map((artifact) => ({ ...artifact, uri: objects.uri(artifact.key) }));
  const current = currentCard(version, { card });
  return {
    ...version,
    artifacts,
    stage,
    since,
    judgements,
    withdrawal,
    evidence: evidenceOf(version, { card }),
    card_key: current.key,
    card_sha256: current.sha256,
    card_missing: current.missing,
    card_revision: current.revision,
  };
}
