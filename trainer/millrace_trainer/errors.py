"""The errors a job can report: code, exit code and remedy. `errors/training.ts` contains the same codes."""

from __future__ import annotations

from typing import Any, Final

EXIT_OK: Final = 0
EXIT_CRASH: Final = 1
EXIT_USER: Final = 10
EXIT_INPUT: Final = 20
EXIT_TRANSIENT: Final = 75
EXIT_PREEMPTED: Final = 76
EXIT_OUT_OF_MEMORY: Final = 77

CODES: Final[dict[str, tuple[int, str]]] = {
    "TRAINING_SPEC_INVALID": (EXIT_USER, "Correct the place named; docs/trainer.md shows the whole spec."),
    "ESTIMATOR_NOT_ALLOWED": (
        EXIT_USER,
        "Use a class from an allowed package, or have the package added to the platform's allow-list.",
    ),
    "ESTIMATOR_UNKNOWN": (EXIT_USER, "Check the class path against the package's documentation."),
    "ESTIMATOR_PARAMS_INVALID": (EXIT_USER, "Correct the parameter named in the model's config."),
    "ESTIMATOR_FIT_FAILED": (
        EXIT_USER,
        "Read the estimator's own message; change its parameters or features.",
    ),
    "ESTIMATOR_WITHOUT_PROBABILITY": (EXIT_USER, "Choose a classifier that has predict_proba."),
    "LABEL_NOT_BINARY": (EXIT_USER, "Make the label column 0 or 1 for every row of the training frame."),
    "LABEL_ONE_CLASS": (
        EXIT_USER,
        "Widen the label window or check the label's definition: both classes are needed on both sides of the split.",
    ),
    "SPLIT_NOT_POSSIBLE": (EXIT_USER, "Hold out fewer dates or entities, or widen the label window."),
    "ONNX_PARITY_NOT_PROVED": (
        EXIT_USER,
        "Choose an estimator or parameters that ONNX can hold; the message says what differs.",
    ),
    "ONNX_NOT_A_MODEL": (
        EXIT_USER,
        "Upload the file that the exporter wrote, unchanged; the message says what ONNX Runtime refuses.",
    ),
    "ONNX_EXTERNAL_DATA": (EXIT_USER, "Save the model again as one file that holds all its weights."),
    "ONNX_OPERATOR_NOT_ALLOWED": (
        EXIT_USER,
        "Export the model with operators of ai.onnx (up to set 21) and ai.onnx.ml (up to set 5) that draw no numbers.",
    ),
    "ONNX_INPUTS_WRONG": (
        EXIT_USER,
        "Export the model with the inputs and the output that docs/trainer.md shows, with the features in their order.",
    ),
    "ONNX_OUTPUT_WRONG": (
        EXIT_USER,
        "Correct the model so that each row gets a probability from 0 to 1 that depends on this row alone.",
    ),
    "TRAINING_INPUT_MISSING": (
        EXIT_INPUT,
        "Check that the launcher passes URI and SHA-256 of the input and that the object exists, then train again.",
    ),
    "TRAINING_INPUT_DIGEST_MISMATCH": (
        EXIT_INPUT,
        "Something changed the input after it was written; find out what, then train again.",
    ),
    "TRAINING_FRAME_MISSING": (EXIT_INPUT, "Train again: the platform rebuilds the frame."),
    "TRAINING_FRAME_DIGEST_MISMATCH": (
        EXIT_INPUT,
        "Something changed the frame after it was written; find out what, then train again.",
    ),
    "TRAINING_FRAME_UNREADABLE": (EXIT_INPUT, "Check that the frame is one Parquet file, then train again."),
    "TRAINING_FRAME_MISMATCH": (
        EXIT_INPUT,
        "Build the frame again from the feature set that the model names, then train again.",
    ),
    "TRAINING_STORAGE_REFUSED": (
        EXIT_INPUT,
        "Give the job's credentials read and write access to the bucket.",
    ),
    "TRAINING_OUTPUT_DIFFERS": (
        EXIT_TRANSIENT,
        "Nothing to correct: the platform tries again in a new folder. If it happens often, find out what else writes.",
    ),
    "TRAINING_STORAGE_UNREACHABLE": (EXIT_TRANSIENT, "Nothing to correct: the platform tries again."),
    "TRAINING_PREEMPTED": (EXIT_PREEMPTED, "Nothing to correct: the platform runs the job elsewhere."),
    "TRAINING_OUT_OF_MEMORY": (
        EXIT_OUT_OF_MEMORY,
        "The platform tries with more memory; raise resources.memory if the ladder ends.",
    ),
    "TRAINING_CRASHED": (EXIT_CRASH, "Read the last lines of the job's log; report the failure with them."),
}


class TrainerError(Exception):
    """The only expected error of a job. `details` are plain JSON facts and never contain rows of applicants."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.exit_code, self.remedy = CODES[code]
        self.code = code
        self.message = message
        self.details: dict[str, Any] = details

    def termination(self) -> dict[str, Any]:
        """Returns the termination message in the shape that the platform reads."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy, "details": self.details}
