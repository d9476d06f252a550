import type { RiskTier } from '#configs/model.ts';
import type { Tags } from '../labels/tag-limits.ts';
import type { Stage } from '../versions/stage.ts';
import type { Version } from '../versions/version.ts';

/** A bound of a metric; a version without the metric does not match. */
export interface MetricBound {
  readonly metric: string;
  readonly min?: number;
  readonly max?: number;
}

export interface Search {
  /** Default: all stages but `deleted`. */
  readonly stage?: Stage;
  readonly model?: string;
  /** Only valid together with `model`. */
  readonly feature_set?: string;
  /** All of these. */
  readonly tags?: Tags;
  readonly alias?: string;
  readonly risk_tier?: RiskTier;
  /** One of the authors. */
  readonly author?: string;
  /** Dates of the registration (UTC), both inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly metrics?: readonly MetricBound[];
}

export function hasTags(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(tags, key) && tags[key] === value);
}

/** Whether a search looks at what stands on the version itself. */
export function asksForVersion({ risk_tier, author, from, to, metrics = [] }: Search): boolean {
  return [risk_tier, author, from, to].some((one) => one !== undefined) || metrics.length > 0;
}

export function matchesVersion(
  version: Version,
  { risk_tier, author, from, to, metrics = [] }: Search,
): boolean {
  const date = version.created_at.slice(0, 10);
  return (
    (risk_tier === undefined || version.risk_tier === risk_tier) &&
    (author === undefined || version.authors.includes(author)) &&
    (from === undefined || date >= from) &&
    (to === undefined || date <= to) &&
    metrics.every((bound) => withinBound(version.metrics[bound.metric], bound))
  );
}

function withinBound(value: number | undefined, { min = -Infinity, max = Infinity }: MetricBound): boolean {
  return value !== undefined && value >= min && value <= max;
}
