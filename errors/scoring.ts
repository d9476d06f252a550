import type { Catalogue } from './catalogue-entry.ts';

/** Errors of batch scoring: the model's files, the partition it reads, the scores it writes. */
export const scoringErrors = {
  SIGNATURE_INVALID: {
    status: 500,
    exit: 'failed',
    meaning: 'signature.json of the version does not follow its schema.',
    remedy: 'Train the model again with this release of the trainer and register the new version.',
  },
  MODEL_FILE_MISSING: {
    status: 500,
    exit: 'failed',
    meaning: 'The version names no model.onnx or no signature.json among its artifacts.',
    remedy: 'Train the model again; a version needs both files to be scored.',
  },
  MODEL_UNREADABLE: {
    status: 500,
    exit: 'failed',
    meaning: 'The ONNX file cannot be loaded, or its inputs and output are not those of the signature.',
    remedy:
      'Train the model again and register the new version; compare its ONNX operators with the runtime’s.',
  },
  MODEL_OUTPUT_INVALID: {
    status: 500,
    exit: 'failed',
    meaning: 'The model answered with something that is not a probability for every row.',
    remedy: 'Look at the version’s card (ONNX parity); train and register again.',
  },
  SCORE_FILE_DIGEST_MISMATCH: {
    status: 409,
    exit: 'failed',
    meaning: 'A file that scoring read has another SHA-256 than the manifest says: it was changed or cut.',
    remedy: 'Restore the object from a backup or its bucket version. Nothing was scored with it.',
  },
  SCORE_PARTITION_EMPTY: {
    status: 422,
    exit: 'failed',
    meaning: 'The feature partition has no rows, so there is nothing to score.',
    remedy: 'Look at the source tables of that date, then materialise the partition again.',
  },
  SCORE_ROWS_MISSING: {
    status: 500,
    exit: 'failed',
    meaning: 'Fewer or more rows of the feature partition could be read than its manifest says.',
    remedy: 'It is tried again. Should it stay so, look at memory and disk of the scoring worker.',
    transient: true,
  },
  SCORE_COLUMN_MISSING: {
    status: 422,
    exit: 'failed',
    meaning: 'The feature partition lacks a column that the model was trained on.',
    remedy: 'Score a version trained on this definition of the feature set, or bring the feature back.',
  },
  SCORE_COLUMN_TYPE: {
    status: 422,
    exit: 'failed',
    meaning: 'A column of the feature partition has another type than the model was trained on.',
    remedy: 'Give the feature its old type back, or train a version on the new one.',
  },
  SCORES_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'No scores are committed for that pair and date.',
    remedy:
      'Start them with `millrace score`, or list what exists with `GET /v1/pairs/{model}/{set}/scores`.',
  },
  SCORES_MANIFEST_INVALID: {
    status: 500,
    exit: 'failed',
    meaning: 'The manifest of a scores partition does not follow its schema.',
    remedy: 'Score the date again with refresh; keep the old object for the audit.',
  },
  SCORES_PART_GONE: {
    status: 409,
    exit: 'failed',
    meaning: 'A scored part was swept before the scores were committed; nothing was committed.',
    remedy: 'Score the date again: a run that is reset long after it ended finds its files gone.',
  },
} as const satisfies Catalogue;
