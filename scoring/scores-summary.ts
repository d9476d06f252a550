import { scoresPrefix, type ScoresManifest, type ScoresRef } from './scores.ts';

/** Result of a run that scores one date. */
export interface ScoresSummary {
  readonly ref: ScoresRef;
  readonly manifest_key: string;
  readonly uri: string;
  readonly rows: number;
  readonly declined: number;
  /** Features, or the score, whose population stability index is at alert level. */
  readonly drifting: readonly string[];
}

/** `uri`: the `s3://` URI of a key. */
export function scoresSummary(manifest: ScoresManifest, uri: (key: string) => string): ScoresSummary {
  const { model, feature_set, version, score_date, revision, rows, declined, drift } = manifest;
  const manifest_key = `${scoresPrefix(manifest)}manifest.json`;
  return {
    ref: { model, feature_set, version, score_date, revision },
    manifest_key,
    uri: uri(manifest_key),
    rows,
    declined,
    drifting: drift.filter(({ level }) => level === 'alert').map(({ name }) => name),
  };
}
