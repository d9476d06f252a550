import { expectedShares } from './bins.ts';
import type { Drift } from './scores.ts';
import type { Signature } from './signature.ts';
import type { Tally } from './tally.ts';

/** A figure at or above these thresholds is reported; the Platform document sets them (`drift.psi_warn`, `drift.psi_alert`). */
export interface DriftThresholds {
  readonly psi_warn: number;
  readonly psi_alert: number;
}

/** Name of the score itself among the drift figures; no feature can have this name. */
export const SCORE = '(score)';

/** Share used for an empty bin, since the logarithm of zero would outweigh every other bin. */
const EMPTY_SHARE = 1e-4;

/**
 * Population stability index: sum over bins of (actual - expected) * ln(actual / expected), on shares.
 * N. Siddiqi, Credit Risk Scorecards (2006), "system stability report"; customary levels 0.1 and 0.25. It is the
 * symmetric Kullback-Leibler divergence, so it is never negative and does not change when the samples are swapped.
 * `expected` are shares of the training sample, `counts` the rows found; a share below 0.0001 counts as 0.0001.
 */
export function populationStabilityIndex(expected: readonly number[], counts: readonly number[]): number {
  const total = counts.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  return expected.reduce((sum, share, bin) => {
    const e = Math.max(share, EMPTY_SHARE);
    const a = Math.max((counts[bin] ?? 0) / total, EMPTY_SHARE);
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}

/** One figure per feature, in the signature's order, then the score's. */
export function measureDrift(
  signature: Signature,
  tally: Tally,
  thresholds: DriftThresholds,
): readonly Drift[] {
  const figure = (name: string, expected: readonly number[], counts: readonly number[]): Drift => {
    const psi = Number(populationStabilityIndex(expected, counts).toFixed(6));
    return { name, psi, level: levelOf(psi, thresholds) };
  };
  return [
    ...signature.features.map(({ name, drift }, feature) =>
      figure(name, expectedShares(drift), tally.features[feature] ?? []),
    ),
    figure(SCORE, expectedShares(signature.score.drift), tally.score),
  ];
}

function levelOf(psi: number, { psi_warn, psi_alert }: DriftThresholds): Drift['level'] {
  if (psi >= psi_alert) return 'alert';
  return psi >= psi_warn ? 'warn' : 'ok';
}
