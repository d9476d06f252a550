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
  FEATURE_PARAM_INVALID: {
    status: 422,
    meaning: 'A value cannot be written as an SQL literal.',
    remedy: 'Correct the value; dates are YYYY-MM-DD, numbers are finite, texts hold no U+0000.',
  },
  TEMPLATE_INVALID: {
    status: 422,
    meaning: 'The SQL template of a feature set cannot be rendered.',
    remedy:
      'Correct the line named. A template may use {{ ds }} and the sources, features and params that its feature set declares.',
  },
  TEMPLATE_TOO_LONG: {
    status: 422,
    meaning: 'The SQL template takes too many steps, as an endless loop would.',
    remedy: 'Shorten its loops.',
  },
  SQL_INVALID: {
    status: 422,
    meaning: 'The SQL of a feature set is not one repeatable SELECT over what the set declares.',
    remedy: 'Correct the place named; the SQL is written in Spark’s dialect.',
  },
  SQL_NOT_TRANSLATABLE: {
    status: 422,
    meaning: 'The feature engine of this installation has no equal for something in the SQL.',
    remedy: 'Write it with simpler functions, or run the set on Spark.',
  },
  SQL_FAILED: {
    status: 422,
    meaning: 'The feature engine refused the SQL, or a value in it.',
    remedy: 'Read the engine’s message; it names the column, function or conversion.',
  },
  ENGINE_OUT_OF_MEMORY: {
    status: 507,
    meaning: 'The query needs more memory than the feature engine has.',
    remedy: 'Raise MILLRACE_DUCKDB_MEMORY, or make the query read less.',
  },
  ENGINE_FAILED: {
    status: 500,
    meaning: 'The feature engine itself failed.',
    remedy: 'Try again; if it stays so, keep the message and the query for a report.',
  },
  FEATURE_FROM_SENSITIVE: {
    status: 422,
    meaning: 'A feature set uses a column that its source declares sensitive.',
    remedy: 'Take the column out of the query; sensitive columns serve fairness slices alone.',
  },
  SOURCE_TIME_INVALID: {
    status: 422,
    meaning: 'The event time or known time of a source is not a date or timestamp column.',
    remedy: 'Declare the column as date or timestamp in the source’s `columns`.',
  },
} as const satisfies Catalogue;
