import { scoresManifest } from '#scoring/scores-manifest.ts';
import type { ScoresManifest } from '#scoring/scores.ts';
import { signatureOf } from './onnx-models.ts';

type Manifested = Parameters<typeof scoresManifest>[0];

/** The manifest of scores by a model with one feature, `x`, on the partition of 2026-02-01. */
export function manifestOfShards(
  ref: Manifested['ref'],
  shards: Manifested['shards'],
  runId = 'r',
): ScoresManifest {
  const { feature_set } = ref;
  return scoresManifest({
    ref,
    partition: { feature_set, definition_digest: 'd'.repeat(32), dt: '2026-02-01', revision: 1 },
    shards,
    signature: signatureOf([{ name: 'x', type: 'double', baseline: 0 }]),
    entity: [{ name: 'id', type: 'bigint' }],
    cut_off: 0.5,
    thresholds: { psi_warn: 0.1, psi_alert: 0.25 },
    reason_texts: { x: 'how much' },
    model_sha256: 'a'.repeat(64),
    built_by: { workflow_id: 'score/x', run_id: runId },
    built_at: '2026-02-03T05:00:01.000Z',
  });
}
