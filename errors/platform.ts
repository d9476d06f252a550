import type { Catalogue } from './catalogue-entry.ts';

/** Errors of external systems: object store, table, job backends. */
export const platformErrors = {
  OBJECT_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The object store holds nothing under this key.',
    remedy:
      'Check the key; a manifest that names a missing object means that the bucket was changed by hand.',
  },
  OBJECT_URI_INVALID: {
    status: 400,
    exit: 'badInput',
    meaning: 'This is not the URI of an object in the bucket of this installation.',
    remedy: 'Use s3://<bucket>/<key> with the bucket in MILLRACE_BUCKET.',
  },
  OBJECT_KEY_INVALID: {
    status: 400,
    exit: 'badInput',
    meaning: 'This cannot be the key of an object.',
    remedy: 'Use a relative path without empty, . or .. parts, of at most 1,024 bytes.',
  },
  OBJECT_TOO_LARGE: {
    status: 413,
    exit: 'badInput',
    meaning: 'One object may hold at most 5 GiB.',
    remedy: 'Write the data as several parts.',
  },
  BUCKET_NOT_FOUND: {
    status: 503,
    exit: 'unreachable',
    meaning: 'The bucket does not exist.',
    remedy: 'Run `millrace bootstrap`, or correct MILLRACE_BUCKET.',
  },
  TABLE_NOT_FOUND: {
    status: 503,
    exit: 'unreachable',
    meaning: 'The table does not exist.',
    remedy: 'Run `millrace bootstrap`, or correct MILLRACE_TABLE.',
  },
  TABLE_SCHEMA_DIFFERS: {
    status: 500,
    exit: 'failed',
    meaning:
      'A table of this name exists with other keys, indexes or projections, or with items of another build.',
    remedy: 'Choose another MILLRACE_TABLE; the existing table was left as it is.',
  },
  STORE_UNREACHABLE: {
    status: 503,
    exit: 'unreachable',
    meaning: 'The object store or the table did not answer, or was too busy.',
    remedy: 'Try again; if it stays so, check the endpoint and the network.',
    transient: true,
  },
  STORE_DENIED: {
    status: 502,
    exit: 'unreachable',
    meaning: 'The object store or the table refused the credentials, or they lack a permission.',
    remedy: 'Check the AWS credentials of this process and the policy of its role.',
  },
  STORE_ITEM_TOO_LARGE: {
    status: 413,
    exit: 'badInput',
    meaning:
      'What is to be stored in one item is more than the 400 KB that the table holds, so nothing is stored.',
    remedy:
      'Make the request smaller: fewer documents in one apply, fewer or shorter texts, such as the reasons of waivers.',
  },
  STORE_REFUSED: {
    status: 502,
    exit: 'unreachable',
    meaning: 'The object store refused a request that it understood.',
    remedy: 'Read the message of the store; when bytes were damaged on the way, trying again helps.',
  },
  JOB_SPEC_INVALID: {
    status: 422,
    exit: 'failed',
    meaning: 'A job cannot be started from this description.',
    remedy: 'Correct the member named in the message.',
  },
  JOB_KEY_REUSED: {
    status: 409,
    exit: 'failed',
    meaning: 'A job of this key exists and does something else.',
    remedy: 'Give the job a key of its own: a key covers everything that the job is told.',
  },
  JOB_NOT_STARTED: {
    status: 503,
    exit: 'failed',
    meaning: 'The job could not be started by this backend.',
    remedy: 'Read the message, then try again: a second submit adopts what the first has started.',
    transient: true,
  },
  JOB_BACKEND_UNKNOWN: {
    status: 503,
    exit: 'failed',
    meaning: 'The record of a job names a backend that this process does not have.',
    remedy: 'Give workers and API the same job backends, for as long as jobs of them are kept.',
    transient: true,
  },
  JOB_STATE_UNKNOWN: {
    status: 502,
    exit: 'failed',
    meaning: 'A job backend reports a state that this version does not know.',
    remedy: 'Look at the job in its backend; upgrade Millrace where a newer version knows the state.',
    transient: true,
  },
  JOB_NOT_ENDED: {
    status: 503,
    exit: 'failed',
    meaning: 'A job that was told to end is still there.',
    remedy: 'Look at its processes on the machine of the worker, then cancel again.',
    transient: true,
  },
} as const satisfies Catalogue;
