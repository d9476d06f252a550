import type { Catalogue } from './catalogue-entry.ts';

/** Errors of training jobs; the trainer writes the same codes to its termination log. */
export const trainingErrors = {
  TRAINING_SPEC_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The spec of a training job does not follow its contract.',
    remedy: 'Correct the place named; docs/trainer.md shows the whole spec.',
  },
  ESTIMATOR_NOT_ALLOWED: {
    status: 422,
    exit: 'badInput',
    meaning: 'The estimator comes from a package that this platform does not allow.',
    remedy: "Use a class from an allowed package, or have the package added to the platform's allow-list.",
  },
  ESTIMATOR_UNKNOWN: {
    status: 422,
    exit: 'badInput',
    meaning: 'There is no estimator with the scikit-learn interface at that class path.',
    remedy: "Check the class path against the package's documentation.",
  },
  ESTIMATOR_PARAMS_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The estimator does not take a parameter, or not that value.',
    remedy: "Correct the parameter named in the model's config.",
  },
  ESTIMATOR_FIT_FAILED: {
    status: 422,
    exit: 'failed',
    meaning: 'The estimator refused the training rows.',
    remedy: "Read the estimator's own message; change its parameters or features.",
  },
  ESTIMATOR_WITHOUT_PROBABILITY: {
    status: 422,
    exit: 'badInput',
    meaning: 'The estimator gives classes but no probabilities.',
    remedy: 'Choose a classifier that has predict_proba.',
  },
  LABEL_NOT_BINARY: {
    status: 422,
    exit: 'badInput',
    meaning: 'The label is neither 0 nor 1 in some rows.',
    remedy: 'Make the label column 0 or 1 for every row of the training frame.',
  },
  LABEL_ONE_CLASS: {
    status: 422,
    exit: 'failed',
    meaning: 'All training rows, or all test rows, have the same label.',
    remedy:
      "Widen the label window or check the label's definition: both classes are needed on both sides of the split.",
  },
  SPLIT_NOT_POSSIBLE: {
    status: 422,
    exit: 'failed',
    meaning: 'The split leaves one side without rows.',
    remedy: 'Hold out fewer dates or entities, or widen the label window.',
  },
  ONNX_PARITY_NOT_PROVED: {
    status: 422,
    exit: 'failed',
    meaning: 'The model has no ONNX form that gives the same probabilities within 0.00001.',
    remedy: 'Choose an estimator or parameters that ONNX can hold; the message says what differs.',
  },
  ONNX_NOT_A_MODEL: {
    status: 422,
    exit: 'badInput',
    meaning: 'The uploaded file is not an ONNX model that the scoring engine loads.',
    remedy: 'Upload the file that the exporter wrote, unchanged; the message says what ONNX Runtime refuses.',
  },
  ONNX_EXTERNAL_DATA: {
    status: 422,
    exit: 'badInput',
    meaning: 'The uploaded model keeps weights in other files.',
    remedy: 'Save the model again as one file that holds all its weights.',
  },
  ONNX_OPERATOR_NOT_ALLOWED: {
    status: 422,
    exit: 'badInput',
    meaning:
      'The uploaded model uses an operator that is not a standard one, is too new, or draws random numbers.',
    remedy:
      'Export the model with operators of ai.onnx (up to set 21) and ai.onnx.ml (up to set 5) that draw no numbers.',
  },
  ONNX_INPUTS_WRONG: {
    status: 422,
    exit: 'badInput',
    meaning: 'Inputs or output of the uploaded model do not fit the features of the pair.',
    remedy:
      'Export the model with the inputs and the output that docs/trainer.md shows, with the features in their order.',
  },
  ONNX_OUTPUT_WRONG: {
    status: 422,
    exit: 'badInput',
    meaning: 'The uploaded model does not give every row a probability of its own.',
    remedy:
      'Correct the model so that each row gets a probability from 0 to 1 that depends on this row alone.',
  },
  TRAINING_INPUT_MISSING: {
    status: 404,
    exit: 'failed',
    meaning: 'The job was not told where its input is, or the input is not there.',
    remedy:
      'Check that the launcher passes URI and SHA-256 of the input and that the object exists, then train again.',
  },
  TRAINING_INPUT_DIGEST_MISMATCH: {
    status: 409,
    exit: 'failed',
    meaning: 'The input of the training job is not the one that the platform wrote.',
    remedy: 'Something changed the input after it was written; find out what, then train again.',
  },
  TRAINING_FRAME_MISSING: {
    status: 404,
    exit: 'failed',
    meaning: 'The training frame is not where the spec says.',
    remedy: 'Train again: the platform rebuilds the frame.',
  },
  TRAINING_FRAME_DIGEST_MISMATCH: {
    status: 409,
    exit: 'failed',
    meaning: 'The training frame is not the one that the spec was written for.',
    remedy: 'Something changed the frame after it was written; find out what, then train again.',
  },
  TRAINING_FRAME_UNREADABLE: {
    status: 422,
    exit: 'failed',
    meaning: 'The training frame is not a Parquet file.',
    remedy: 'Check that the frame is one Parquet file, then train again.',
  },
  TRAINING_FRAME_MISMATCH: {
    status: 422,
    exit: 'failed',
    meaning: 'Columns, types or rows of the training frame are not those of the spec.',
    remedy: 'Build the frame again from the feature set that the model names, then train again.',
  },
  TRAINING_STORAGE_REFUSED: {
    status: 403,
    exit: 'failed',
    meaning: 'The object store refused the training job.',
    remedy: "Give the job's credentials read and write access to the bucket.",
  },
  TRAINING_OUTPUT_DIFFERS: {
    status: 503,
    exit: 'failed',
    meaning: 'Another process has written to the output folder of the training job; nothing was overwritten.',
    remedy:
      'Nothing to correct: the platform tries again in a new folder. If it happens often, find out what else writes.',
  },
  TRAINING_STORAGE_UNREACHABLE: {
    status: 503,
    exit: 'unreachable',
    meaning: 'The training job could not reach the object store.',
    remedy: 'Nothing to correct: the platform tries again.',
  },
  TRAINING_PREEMPTED: {
    status: 503,
    exit: 'failed',
    meaning: 'The training job was asked to stop before it was done.',
    remedy: 'Nothing to correct: the platform runs the job elsewhere.',
  },
  TRAINING_OUT_OF_MEMORY: {
    status: 507,
    exit: 'failed',
    meaning: 'The training job ran out of memory.',
    remedy: 'The platform tries with more memory; raise resources.memory if the ladder ends.',
  },
  TRAINING_CRASHED: {
    status: 500,
    exit: 'failed',
    meaning: 'The training job ended for a reason that it does not know.',
    remedy: "Read the last lines of the job's log; report the failure with them.",
  },
} as const satisfies Catalogue;
