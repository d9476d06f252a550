import type { Catalogue } from './catalogue-entry.ts';

/** Errors of lifecycles and of the external jobs they run. */
export const workflowsErrors = {
  JOB_REJECTED: {
    status: 422,
    exit: 'badInput',
    meaning: 'The job refused what it was given: its config, its parameters or its data.',
    remedy: 'Read the message, correct the config and apply it; the same job is not tried again.',
  },
  JOB_INPUT_BROKEN: {
    status: 409,
    exit: 'failed',
    meaning: 'An input of the job is missing or its bytes are not what was committed.',
    remedy: 'Materialise the partition again with --refresh, then train again.',
  },
  JOB_TRANSIENT: {
    status: 503,
    exit: 'failed',
    meaning: 'The job met a passing fault and kept meeting it on every try.',
    remedy: 'See that the object store answers, then start the workflow again.',
  },
  JOB_PREEMPTED: {
    status: 503,
    exit: 'failed',
    meaning: 'The job was taken off its machine on every try.',
    remedy: 'Start the workflow again when there is capacity.',
  },
  JOB_OUT_OF_MEMORY: {
    status: 422,
    exit: 'failed',
    meaning: 'The job needed more memory than the last step of the ladder gives.',
    remedy: 'Raise resources.memory of the model, or train on fewer partition dates (label.window).',
  },
  JOB_TIMED_OUT: {
    status: 422,
    exit: 'failed',
    meaning: 'The job ran longer than the platform allows.',
    remedy: 'Make it smaller or raise training.timeout_minutes in the Platform document.',
  },
  JOB_CANCELLED: {
    status: 409,
    exit: 'failed',
    meaning: 'A job was cancelled on request.',
    remedy: 'Start the work again if it is still needed.',
  },
  JOB_CRASHED: {
    status: 500,
    exit: 'failed',
    meaning: 'The job ended in a way its contract does not know.',
    remedy: 'Read its log with `millrace logs <workflow id>`.',
  },
  JOB_LOST: {
    status: 500,
    exit: 'failed',
    meaning: 'The backend or the machine of the job was lost on every try, so how the job ended is unknown.',
    remedy: 'See that the machine stays up, then start the workflow again.',
  },
  JOB_ON_OTHER_HOST: {
    status: 503,
    exit: 'failed',
    meaning: 'The job is on another machine than the worker that was to watch it.',
    remedy:
      'Nothing is to be done: the workflow asks that machine, and starts the job elsewhere if it does not come back.',
  },
  JOB_NOT_ADMITTED: {
    status: 503,
    exit: 'failed',
    meaning:
      'As many jobs exist as the platform, the team or the machine may have, or others come first; the job waits.',
    remedy:
      'Nothing is to be done. If it waits too long, raise jobs.at_once, jobs.per_team or jobs.teams in the Platform document, or MILLRACE_JOBS_AT_ONCE of the workers.',
    transient: true,
  },
  JOB_OUTPUT_INVALID: {
    status: 422,
    exit: 'failed',
    meaning: 'The job said it succeeded, but what it left is not a training result.',
    remedy: 'Read its log; a trainer must write result.json last and name only files it wrote.',
  },
  SCORES_NO_PARTITION: {
    status: 409,
    exit: 'failed',
    meaning: 'No partition of the feature set is fresh enough for the score date.',
    remedy: 'Choose a date the set covers, or extend its partition.end or partition.max_staleness and apply.',
  },
  SHARED_RUN_FAILED: {
    status: 502,
    exit: 'failed',
    meaning: 'A run that this one shares with others failed.',
    remedy: 'Read the failure of the workflow named, mend its cause, then start this run again.',
  },
  SHARED_RUN_UNDER_WAY: {
    status: 503,
    exit: 'failed',
    meaning: 'A run that this one waits for has not ended; the waiter takes its turn again.',
    remedy: 'Nothing is to be done. Look at the workflow named if it takes too long.',
    transient: true,
  },
  TRAINING_NO_LABELLED_DATE: {
    status: 422,
    exit: 'badInput',
    meaning: 'On the as-of date no partition of the set has complete labels.',
    remedy: 'Choose a later as-of date: a partition date plus label.horizon must lie on or before it.',
  },
  TRAINING_INPUTS_DIFFER: {
    status: 409,
    exit: 'failed',
    meaning:
      'The worker has other training inputs than the digest of the training names, most likely another release of the trainer or its lockfile than the API.',
    remedy: 'Run the same release on the API and on every worker, then start the training again.',
  },
  TRAINING_INPUTS_UNKNOWN: {
    status: 404,
    exit: 'notFound',
    meaning: 'The configs this run was started with do not name such a model or feature set.',
    remedy: 'Apply the configs first, then start the run again.',
  },
} as const satisfies Catalogue;
