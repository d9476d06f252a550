import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';

/**
 * Search attributes for filters in the Temporal UI. Plain text and eventually consistent, so no decision reads them.
 */
export const SEARCH_ATTRIBUTES = {
  model: defineSearchAttributeKey('MillraceModel', SearchAttributeType.KEYWORD),
  featureSet: defineSearchAttributeKey('MillraceFeatureSet', SearchAttributeType.KEYWORD),
  version: defineSearchAttributeKey('MillraceVersion', SearchAttributeType.INT),
  stage: defineSearchAttributeKey('MillraceStage', SearchAttributeType.KEYWORD),
  team: defineSearchAttributeKey('MillraceTeam', SearchAttributeType.KEYWORD),
} as const;

export interface Labels {
  readonly model?: string;
  readonly feature_set?: string;
  readonly version?: number;
  readonly stage?: string;
  readonly team?: string;
}

export function searchAttributes(labels: Labels): SearchAttributePair[] {
  const values: SearchAttributePair[] = [];
  if (labels.model !== undefined) values.push({ key: SEARCH_ATTRIBUTES.model, value: labels.model });
  if (labels.feature_set !== undefined)
    values.push({ key: SEARCH_ATTRIBUTES.featureSet, value: labels.feature_set });
  if (labels.version !== undefined) values.push({ key: SEARCH_ATTRIBUTES.version, value: labels.version });
  if (labels.stage !== undefined) values.push({ key: SEARCH_ATTRIBUTES.stage, value: labels.stage });
  if (labels.team !== undefined) values.push({ key: SEARCH_ATTRIBUTES.team, value: labels.team });
  return values;
}
