import type { Catalogue } from './catalogue-entry.ts';

/** Errors in what people write: YAML, SQL, and the plan that would apply them. */
export const configErrors = {
  CONFIG_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'Config files hold problems; each is listed with its own code and place.',
    remedy: 'Correct each place listed; `millrace validate <dir>` lists them all.',
  },
  CONFIG_EMPTY: {
    status: 422,
    exit: 'badInput',
    meaning: 'There is no config document in what was given.',
    remedy: 'Name a folder with .yaml files that hold documents with a `kind`.',
  },
  CONFIG_YAML: {
    status: 422,
    exit: 'badInput',
    meaning: 'A file is not well-formed YAML 1.2.',
    remedy: 'Correct the YAML at the place named; every value is a plain scalar, list or mapping.',
  },
  CONFIG_FILE_TOO_LARGE: {
    status: 422,
    exit: 'badInput',
    meaning: 'A config file is larger than 1 MiB.',
    remedy: 'Split the file; several files and several documents per file are read together.',
  },
  CONFIG_FILE_UNREADABLE: {
    status: 422,
    exit: 'badInput',
    meaning: 'What has the name of a config file is not a regular file, or cannot be read.',
    remedy: 'Rename or remove it, or make it a regular file that you may read.',
  },
  CONFIG_ALIASES_TOO_DEEP: {
    status: 422,
    exit: 'badInput',
    meaning: 'YAML aliases expand to far more than was written.',
    remedy: 'Write the values out, or use fewer anchors.',
  },
  CONFIG_DUPLICATE_KEY: {
    status: 422,
    exit: 'badInput',
    meaning: 'A key appears twice in one mapping.',
    remedy: 'Keep one of the two.',
  },
  CONFIG_DUPLICATE: {
    status: 422,
    exit: 'badInput',
    meaning: 'Two documents have one kind and name.',
    remedy: 'Rename or remove one of them.',
  },
  CONFIG_UNKNOWN_KIND: {
    status: 422,
    exit: 'badInput',
    meaning: 'A document has no known `kind`.',
    remedy: 'Set kind to Source, FeatureSet, Model or Platform.',
  },
  CONFIG_UNKNOWN_KEY: {
    status: 422,
    exit: 'badInput',
    meaning: 'A key does not exist in this place.',
    remedy: 'Remove it or use the key suggested; docs/configs.md lists all keys.',
  },
  CONFIG_MISSING_KEY: {
    status: 422,
    exit: 'badInput',
    meaning: 'A required key is missing.',
    remedy: 'Add the key; docs/configs.md says what it means.',
  },
  CONFIG_INVALID_VALUE: {
    status: 422,
    exit: 'badInput',
    meaning: 'A value is not of the form that its key takes, or contradicts another value.',
    remedy: 'Write a value as described after `expected`.',
  },
  CONFIG_UNKNOWN_NAME: {
    status: 422,
    exit: 'badInput',
    meaning: 'A document refers to another that exists neither in the files nor among the applied configs.',
    remedy: 'Correct the name, or add the document it names.',
  },
  CONFIG_UNKNOWN_COLUMN: {
    status: 422,
    exit: 'badInput',
    meaning: 'A document refers to a column that its source or feature set does not have.',
    remedy: 'Correct the name, or add the column to the source.',
  },
  CONFIG_FILE_MISSING: {
    status: 422,
    exit: 'badInput',
    meaning: 'A SQL file that a feature set names is not there.',
    remedy: 'Put the file beside the YAML file, under the name written.',
  },
  CONFIG_SENSITIVE_FEATURE: {
    status: 422,
    exit: 'badInput',
    meaning:
      'A feature has the name of a column that its source declares sensitive, or of a fairness attribute of a model.',
    remedy: 'Remove the feature; such columns serve fairness slices only.',
  },
  CONFIG_CYCLE: {
    status: 422,
    exit: 'badInput',
    meaning: 'Feature sets read each other in a circle.',
    remedy: 'Take one of the sets out of the circle.',
  },
  CONFIG_PACKAGE_NOT_ALLOWED: {
    status: 422,
    exit: 'badInput',
    meaning: 'An estimator comes from a Python package that this installation does not allow.',
    remedy: 'Use an allowed package, or have it added to training.packages of the Platform document.',
  },
  CONFIG_CRON_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'A schedule is not a cron line of five fields that every scheduler reads alike.',
    remedy:
      'Write minute, hour, day of month, month and day of week, such as `0 5 * * *`; leave day of month or day of week as `*`.',
  },
  CONFIG_TIMEZONE_UNKNOWN: {
    status: 422,
    exit: 'badInput',
    meaning:
      'A time zone is not in the list that every scheduler knows: it is unknown, an abbreviation or an offset.',
    remedy: 'Use the IANA name of a place, such as Europe/London, or UTC.',
  },
  CONFIG_DATE_OFF_GRAIN: {
    status: 422,
    exit: 'badInput',
    meaning: 'A partition date does not lie on the grain of its set.',
    remedy: 'For grain month, name the first day of a month.',
  },
  CONFIG_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'No applied config has this kind and name.',
    remedy: 'List what is applied with `GET /v1/configs`, or apply the document first.',
  },
  PLAN_STALE: {
    status: 409,
    exit: 'failed',
    meaning:
      'Documents of the plan, or documents that they depend on, were changed by somebody else after it was made.',
    remedy: 'Plan again, read the new plan, and apply that.',
  },
  PLAN_FILES_CHANGED: {
    status: 409,
    exit: 'failed',
    meaning: 'The files of the apply are not those that the plan was made of.',
    remedy: 'Apply the files that were planned, or plan these files, read the new plan, and apply that.',
  },
  CONFIG_IN_USE: {
    status: 409,
    exit: 'failed',
    meaning: 'A document cannot be removed while another document or a version needs it.',
    remedy:
      'Remove or change the documents that read it first; reject or archive versions that wait, and archive the live one.',
  },
  CONFIG_STATE_DAMAGED: {
    status: 500,
    exit: 'failed',
    meaning: 'Stored configs are missing from the bucket, or do not have the bytes that their name promises.',
    remedy: 'Restore configs/ of the bucket from its versions or a backup; the message names the object.',
  },
  CONFIG_BUSY: {
    status: 503,
    exit: 'unreachable',
    meaning: 'Too many changes of the configs were under way to commit this one in time.',
    remedy: 'Try again with the same command id; nothing was changed.',
    transient: true,
  },
} as const satisfies Catalogue;
