"""
Evaluates a model that was trained elsewhere, on the rows that a training of the pair would hold out. It writes the same
files as a training. What only the training could tell is unknown, and says so.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import TrainerError
from .evaluate import Scored, evaluate
from .explain import baseline_values
from .export import OnnxModel
from .fairness import attribute_name
from .fidelity import fidelity, sample_declined
from .frame import FeatureInputs, ordered
from .gates import check_gates
from .job import fetch_frame
from .log import step
from .onnx_file import check_onnx_file
from .parity import TOLERANCE, hard_rows
from .result import artifact, publish, result, write_json, write_reference_scores
from .signature import signature
from .spec import Feature, Spec
from .split import test_rows
from .storage import Storage, environment_storage

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = {"not_measurable": "because it is unknown: the model was trained outside the platform"}
# The rows that are not held out. Nobody knows whether the model was trained on them.
REFERENCE = "reference"
_MOST_ALONE = 50


@dataclass(frozen=True)
class ImportedInputs(FeatureInputs):
    features: tuple[Feature, ...]


class CheckedModel:
    """The imported file. Every probability that leaves it is a number from 0 to 1."""

    def __init__(self, data: bytes, inputs: FeatureInputs) -> None:
        self._onnx = OnnxModel(data, inputs, "the imported model", "ONNX_NOT_A_MODEL")

    def predict(self, rows: pd.DataFrame) -> NDArray[np.float64]:
        """Raises ONNX_OUTPUT_WRONG."""
        try:
            probability = self._onnx.predict(rows)
        except Exception as error:
            # ONNX Runtime's errors have no common base class.
            raise TrainerError("ONNX_OUTPUT_WRONG", f"The model does not run: {str(error)[:300]}") from error
        if probability.shape != (len(rows),):
            raise TrainerError(
                "ONNX_OUTPUT_WRONG", f"The model gives the shape {list(probability.shape)} for {len(rows)} rows."
            )
        wrong = ~((probability >= 0) & (probability <= 1))
        if wrong.any():
            raise TrainerError(
                "ONNX_OUTPUT_WRONG",
                f"{int(wrong.sum())} of {len(rows)} rows get a value that is not a probability, such as "
                f"{probability[wrong][0]:g}. Rows with missing, extreme and unseen values are among them.",
                rows=int(wrong.sum()),
            )
        return probability


def run(spec: Spec) -> dict[str, Any]:
    """Runs the whole job and returns the content of result.json. Writes no file before all results are complete."""
    check_gates(spec.gates, [attribute_name(a) for a in spec.columns.attributes])
    storage = environment_storage()
    inputs = ImportedInputs(ordered(spec.columns.features))
    with tempfile.TemporaryDirectory(prefix="millrace-import-") as scratch:
        folder = Path(scratch)
        local = folder / "model.onnx"
        with step("check_model") as facts:
            facts["bytes"] = _fetch_model(spec, storage, local)
            check_onnx_file(local.read_bytes(), inputs)
            model = CheckedModel(local.read_bytes(), inputs)
        frame = fetch_frame(spec, storage, folder / "frame.parquet")
        with step("split") as facts:
            held_out = test_rows(frame, spec.split, spec.seed)
            reference, test = frame.features[~held_out], frame.features[held_out]
            facts |= {"reference_rows": len(reference), "test_rows": len(test)}
        with step("score"):
            scored = Scored(frame, model.predict(frame.features), held_out)
            independence = _prove_independence(model, inputs, test)
        with step("test_reasons") as facts:
            baseline = baseline_values(inputs, frame.features[~held_out & (frame.label == 0)])
            sample = sample_declined(scored.probability[held_out], spec.cut_off, spec.seed)
            explained = fidelity(None, model.predict, test.iloc[sample], baseline, spec.seed)
            facts |= {"rows": len(sample), "passed": explained["passed"]}
        with step("evaluate"):
            evaluation = _evaluation(spec, inputs, scored, explained, independence)
        with step("write", output=spec.output_uri):
            described = signature(spec, inputs, reference, baseline, scored.probability[held_out])
            described["drift_rows"] = {
                "features": REFERENCE,
                "score": "test",
                REFERENCE: len(reference),
                "test": len(test),
            }
            files = {"model.onnx": local}
            for name, value in (("signature.json", described), ("evaluation.json", evaluation)):
                files[name] = folder / name
                write_json(files[name], value)
            files["reference_scores.parquet"] = folder / "reference_scores.parquet"
            write_reference_scores(
                files["reference_scores.parquet"],
                frame,
                spec.columns.partition,
                held_out,
                scored.probability,
                REFERENCE,
            )
            outcome = _result(evaluation, independence, [artifact(path) for path in files.values()])
            last = folder / "result.json"
            write_json(last, outcome)
            publish(storage, spec.output_uri, list(files.values()), last)
    return outcome


def _fetch_model(spec: Spec, storage: Storage, local: Path) -> int:
    imported = spec.imported
    if imported is None:
        raise TypeError("The spec names no imported model.")
    digest = storage.fetch(imported.uri, local, missing="TRAINING_INPUT_MISSING")
    if digest != imported.sha256:
        raise TrainerError(
            "TRAINING_INPUT_DIGEST_MISMATCH",
            f"{imported.uri} has SHA-256 {digest}; the spec says {imported.sha256}.",
            uri=imported.uri,
        )
    return local.stat().st_size


def _prove_independence(model: CheckedModel, inputs: FeatureInputs, test: pd.DataFrame) -> dict[str, Any]:
    """Checks that a row scores the same alone and in a batch, and that strange rows get a probability, too."""
    model.predict(hard_rows(inputs, test))
    chosen = np.linspace(0, len(test) - 1, min(len(test), _MOST_ALONE)).astype(int)
    together = model.predict(test)[chosen]
    alone = np.concatenate([model.predict(test.iloc[[row]]) for row in chosen])
    worst = float(np.abs(alone - together).max())
    if worst > TOLERANCE:
        raise TrainerError(
            "ONNX_OUTPUT_WRONG",
            f"The probability of a row alone differs by up to {worst:.3g} from that of the same row in a batch.",
            max_abs_diff=worst,
        )
    return {"max_abs_diff": worst, "rows": len(chosen), "tolerance": TOLERANCE}


def _evaluation(
    spec: Spec, inputs: FeatureInputs, scored: Scored, explained: dict[str, Any], independence: dict[str, Any]
) -> dict[str, Any]:
    made = {"steps": UNKNOWN, "seed": UNKNOWN, "added": [], "monotonic": UNKNOWN}
    whole = evaluate(spec, inputs, made, scored, explained, UNKNOWN)
    performance = {**whole["performance"], "train": UNKNOWN, "psi_train_test": UNKNOWN}
    if spec.split.kind == "by_entity":
        performance["out_of_time"] = UNKNOWN
    bootstrap = dict(performance["bootstrap"])
    bootstrap["replicates"] = {"test": bootstrap["replicates"]["test"]}
    split = dict(whole["split"])
    for counted in ("rows", "dates"):
        split[counted] = {REFERENCE: split[counted]["train"], "test": split[counted]["test"]}
    described = "lower median, or commonest text, of the reference rows with label 0"
    return {
        **whole,
        "performance": {**performance, "bootstrap": bootstrap},
        "split": split,
        "explainability": {**whole["explainability"], "baseline": described},
        "row_independence": independence,
    }


def _result(
    evaluation: dict[str, Any], independence: dict[str, Any], artifacts: list[dict[str, Any]]
) -> dict[str, Any]:
    outcome = result(evaluation, independence, artifacts)
    del outcome["metrics"]["psi_train_test"]
    # The platform trained on no row.
    return {**outcome, "rows": {"train": 0, "test": evaluation["split"]["rows"]["test"]}}
