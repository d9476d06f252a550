import type { Catalogue } from './catalogue-entry.ts';

export const featuresErrors = {
  SOURCE_UNKNOWN: {
    status: 404,
    meaning: 'No source of this name is in the configs.',
    remedy: 'Check the name; `millrace plan <dir>` lists what is there.',
  },
  FEATURE_SET_UNKNOWN: {
    status: 404,
    meaning: 'No feature set of this name is in the configs.',
    remedy: 'Check the name, or apply the config that defines it.',
  },
  FEATURE_SET_ENTITY_UNKNOWN: {
    status: 422,
    meaning: 'The entity of a feature set is a column of none of its sources.',
    remedy: 'Name as `entity` a column that one of the listed sources declares.',
  },
  FEATURE_SET_CYCLE: {
    status: 422,
    meaning: 'Feature sets read each other in a circle.',
    remedy: 'Take one of the sets in the circle out of another’s `feature_sets`.',
  },
} as const satisfies Catalogue;
