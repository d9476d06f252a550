import type { Catalogue } from './catalogue-entry.ts';

/** Errors of files that people upload in order to register a model trained elsewhere. */
export const uploadErrors = {
  UPLOAD_FILES_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'These files cannot make a version.',
    remedy:
      'Name model.onnx once, and at most nine other files under names that the platform does not use itself.',
  },
  UPLOAD_TOO_LARGE: {
    status: 422,
    exit: 'badInput',
    meaning: 'The files of an upload are larger than the platform takes.',
    remedy: 'Stay below 1 GiB in total: prune the model, or leave out files that scoring does not need.',
  },
  UPLOAD_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The pair has no upload of this id, or it was removed after a day.',
    remedy:
      'Use the id that the request for the upload returned, with the same pair, or upload the files again.',
  },
  UPLOAD_EXPIRED: {
    status: 409,
    exit: 'failed',
    meaning: 'The upload has expired without becoming a version.',
    remedy: 'Request a new upload and send the files again.',
  },
  UPLOAD_INCOMPLETE: {
    status: 409,
    exit: 'failed',
    meaning: 'A file of the upload has not arrived.',
    remedy: 'Send the file named to its URL, with the headers of the upload, then repeat the request.',
  },
  UPLOAD_SIZE_MISMATCH: {
    status: 409,
    exit: 'failed',
    meaning: 'A file of the upload has another size than the one announced.',
    remedy: 'Send the right file to the same URL, or request a new upload with the right size.',
  },
  UPLOAD_DIGEST_MISMATCH: {
    status: 409,
    exit: 'failed',
    meaning: 'A file of the upload has another SHA-256 than the one announced.',
    remedy: 'Send the right file to the same URL, or request a new upload with the right digest.',
  },
  PAIR_NOT_CONFIGURED: {
    status: 409,
    exit: 'failed',
    meaning: "The model's applied config names another feature set than the pair.",
    remedy: 'Use the feature set that the config of the model names, or apply a config that names this one.',
  },
} as const satisfies Catalogue;
