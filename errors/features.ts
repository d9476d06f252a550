import type { Catalogue } from './catalogue-entry.ts';

export const featuresErrors = {
  SOURCE_UNKNOWN: {
    status: 404,
    exit: 'notFound',
    meaning: 'No source of this name is in the configs.',
    remedy: 'Check the name; `millrace plan <dir>` lists what is there.',
  },
  FEATURE_SET_UNKNOWN: {
    status: 404,
    exit: 'notFound',
    meaning: 'No feature set of this name is in the configs.',
    remedy: 'Check the name, or apply the config that defines it.',
  },
  FEATURE_SET_ENTITY_UNKNOWN: {
    status: 422,
    exit: 'badInput',
    meaning: 'A column of the entity of a feature set is in none of its sources.',
    remedy:
      'Name as `entity` columns that the listed sources declare, or that are the entity of a set that is read.',
  },
  FEATURE_SET_CYCLE: {
    status: 422,
    exit: 'badInput',
    meaning: 'Feature sets read each other in a circle.',
    remedy: 'Take one of the sets in the circle out of another’s `feature_sets`.',
  },
  FEATURE_PARAM_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'A value cannot be written as an SQL literal.',
    remedy: 'Correct the value; dates are YYYY-MM-DD, numbers are finite, texts hold no U+0000.',
  },
  TEMPLATE_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The SQL template of a feature set cannot be rendered.',
    remedy:
      'Correct the line named. A template may use {{ ds }} and the sources, features and params that its feature set declares.',
  },
  TEMPLATE_TOO_LONG: {
    status: 422,
    exit: 'badInput',
    meaning:
      'The SQL template takes too many steps, too much time or too much memory, as an endless loop would.',
    remedy: 'Shorten its loops and the texts it repeats.',
  },
  SQL_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The SQL of a feature set is not one repeatable SELECT over what the set declares.',
    remedy: 'Correct the place named; the SQL is written in Spark’s dialect.',
  },
  SQL_TOO_COMPLEX: {
    status: 422,
    exit: 'badInput',
    meaning: 'The SQL of a feature set takes too much time or memory to compile.',
    remedy: 'Split the query into several feature sets, or remove nested subqueries and long expressions.',
  },
  SQL_NOT_TRANSLATABLE: {
    status: 422,
    exit: 'badInput',
    meaning: 'The feature engine of this installation has no equivalent for something in the SQL.',
    remedy: 'Rewrite it with functions that the message suggests, or with simpler ones.',
  },
  SQL_FAILED: {
    status: 422,
    exit: 'badInput',
    meaning: 'The feature engine refused the SQL, or a value in it.',
    remedy: 'Read the engine’s message; it names the column, function or conversion.',
  },
  ENGINE_OUT_OF_MEMORY: {
    status: 507,
    exit: 'failed',
    meaning:
      'The query needs more memory, or more disk for what does not fit into it, than the feature engine may use.',
    remedy:
      'Look for a join without a condition; otherwise raise MILLRACE_DUCKDB_MEMORY or MILLRACE_DUCKDB_DISK.',
  },
  ENGINE_DISK_FULL: {
    status: 507,
    exit: 'failed',
    meaning: 'The disk of the machine that builds is full.',
    remedy: 'Free space below the home of that worker; the build is tried again.',
    transient: true,
  },
  PREVIEW_TOO_LARGE: {
    status: 422,
    exit: 'failed',
    meaning: 'A preview or a test needs more time, memory or disk than it may take; it was stopped.',
    remedy:
      'Restrict the query while you look at its rows, such as to a few entities; look for joins without a condition. A build has larger limits.',
  },
  ENGINE_FAILED: {
    status: 500,
    exit: 'failed',
    meaning: 'The feature engine itself failed.',
    remedy: 'Try again; if it stays so, keep the message and the query for a report.',
    transient: true,
  },
  FEATURE_FROM_SENSITIVE: {
    status: 422,
    exit: 'badInput',
    meaning: 'A feature set uses a column that its source declares sensitive.',
    remedy: 'Take the column out of the query; sensitive columns serve fairness slices alone.',
  },
  SOURCE_TIME_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The event time or known time of a source is not a date or timestamp column.',
    remedy: 'Declare the column as date or timestamp in the source’s `columns`.',
  },
  MANIFEST_INVALID: {
    status: 500,
    exit: 'failed',
    meaning: 'A manifest in the lake cannot be read.',
    remedy: 'The object was changed by hand; restore it from a backup or build the next revision.',
  },
  PARTITION_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The partition has not been built.',
    remedy: 'Build it with `millrace materialise`, or ask for another date or revision.',
  },
  PARTITION_DATE_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The feature set has no partition at this date.',
    remedy: 'Use a date of the set’s grain between its start and end.',
  },
  PARTITION_DEFINITION_DIFFERS: {
    status: 409,
    exit: 'failed',
    meaning: 'The partition asked for belongs to another definition of the feature set.',
    remedy: 'Ask again with the current definition; what was built by the other one stays as it is.',
  },
  PARTITION_EMPTY: {
    status: 422,
    exit: 'failed',
    meaning: 'The query gave no rows for the date, so nothing was committed.',
    remedy: 'Check that the sources had data known by that date, and the conditions of the query.',
  },
  PARTITION_ENTITY_INVALID: {
    status: 422,
    exit: 'failed',
    meaning:
      'A partition must have one row per entity; this one has several for some, or rows that lack a column of it.',
    remedy: 'Group the query by the entity, or leave out rows without it.',
  },
  PARTITION_COLUMNS_DIFFER: {
    status: 422,
    exit: 'badInput',
    meaning: 'The query’s columns are not the entity and the declared features.',
    remedy: 'Select what is declared under `features`, and declare what is selected.',
  },
  FEATURE_TYPE_DIFFERS: {
    status: 422,
    exit: 'badInput',
    meaning: 'The query gives a feature another type than the one declared.',
    remedy: 'Declare the type found, or CAST in the query.',
  },
  CHECK_FAILED: {
    status: 422,
    exit: 'failed',
    meaning: 'A check of severity `error` failed, so nothing was committed.',
    remedy: 'Look at the figures; correct the source, the query, or the check.',
  },
  SOURCE_EMPTY: {
    status: 422,
    exit: 'failed',
    meaning: 'The folder of a source has no Parquet file.',
    remedy: 'Check the source’s `location` and whether its owner has delivered.',
  },
  SOURCE_NO_TIME: {
    status: 422,
    exit: 'badInput',
    meaning: 'No column of the files can say when a row became known.',
    remedy: 'Let the load write a column with its date or time, and draft the source again.',
  },
  SOURCE_COLUMN_MISSING: {
    status: 422,
    exit: 'badInput',
    meaning: 'The files of a source lack a column that the source declares.',
    remedy: 'Ask the source’s owner, or correct `columns` of the source.',
  },
  SOURCE_TYPE_DIFFERS: {
    status: 422,
    exit: 'badInput',
    meaning: 'A column of a source has another type in its files than declared.',
    remedy: 'Ask the source’s owner, or correct `columns` of the source.',
  },
  SOURCE_VALUE_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning:
      'A file of a source holds a value that is none of its column’s declared type, such as bytes that are not UTF-8 text.',
    remedy:
      'Ask the source’s owner to write the file again, declare another type (`decimal(38,0)` or `string` for long numbers), or leave the column out of `columns`.',
  },
  SOURCE_FILE_UNREADABLE: {
    status: 422,
    exit: 'failed',
    meaning: 'A file of a source is not a complete Parquet file: it is damaged, or its end is missing.',
    remedy: 'Ask the source’s owner to write the file again, or to remove it.',
  },
  SOURCE_CHANGED: {
    status: 503,
    exit: 'failed',
    meaning: 'Files of a source changed while they were read.',
    remedy: 'Try again once its owner has finished writing.',
    transient: true,
  },
  UPSTREAM_PARTITION_MISSING: {
    status: 409,
    exit: 'failed',
    meaning: 'A feature set reads another one whose partition that serves the date has not been built.',
    remedy: 'Build that partition first.',
  },
  PART_DIGEST_MISMATCH: {
    status: 500,
    exit: 'failed',
    meaning: 'A data file is not the one its manifest names: it was changed or damaged.',
    remedy: 'Do not use the partition; build the next revision and look for who wrote to the bucket.',
  },
  TRAINING_FRAME_EMPTY: {
    status: 422,
    exit: 'failed',
    meaning: 'No row of the partitions has a label known by the as-of date.',
    remedy: 'Train as of a later date, or check the label’s source, column and horizon.',
  },
  TRAINING_DATA_CHANGED: {
    status: 409,
    exit: 'failed',
    meaning: 'The source of label or fairness has changed since the training was asked for.',
    remedy: 'Start it again: with the data of now it is another training.',
  },
  LABEL_NOT_MATURE: {
    status: 422,
    exit: 'badInput',
    meaning: 'The label period of a partition ends after the as-of date.',
    remedy: 'Train as of a later date, or leave the partition out.',
  },
  LABEL_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The label’s source cannot label this feature set, or holds something other than 0 and 1.',
    remedy:
      'Use a source with every column of the entity, an event time, and a column of 0 and 1; or name the values that mean 1 in label.positive.',
  },
  FAIRNESS_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The fairness source cannot describe the entities of this feature set.',
    remedy: 'Use a source with a column of the entity and the attributes named.',
  },
} as const satisfies Catalogue;
