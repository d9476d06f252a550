"""Runs one training job, from the frame to result.json."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from . import canonical_pickle
from .errors import TrainerError
from .estimator import Estimator, fit, make_estimator
from .evaluate import Scored, evaluate, how_made
from .explain import baseline_values
from .export import OnnxModel, to_onnx
from .fairness import attribute_name
from .fidelity import fidelity, sample_declined
from .frame import Frame, read_frame
from .gates import check_gates
from .log import step
from .parity import prove_parity
from .result import artifact, publish, result, write_json, write_reference_scores
from .signature import signature
from .spec import Spec
from .split import test_rows
from .storage import Storage, environment_storage


def run(spec: Spec) -> dict[str, Any]:
    """Runs the whole job and returns the content of result.json. Writes no file before all results are complete."""
    check_gates(spec.gates, [attribute_name(a) for a in spec.columns.attributes])
    storage = environment_storage()
    with tempfile.TemporaryDirectory(prefix="millrace-train-") as scratch:
        folder = Path(scratch)
        frame = fetch_frame(spec, storage, folder / "frame.parquet")
        with step("split") as facts:
            held_out = test_rows(frame, spec.split, spec.seed)
            training, test = frame.features[~held_out], frame.features[held_out]
            facts |= {"train_rows": len(training), "test_rows": len(test)}
        with step("fit", estimator=[s.class_path for s in spec.steps]):
            estimator = make_estimator(spec, training)
            fit(estimator, training, frame.label[~held_out])
        with step("export") as facts:
            exported = to_onnx(estimator)
            facts["bytes"] = len(exported)
        with step("prove_parity") as facts:
            onnx = OnnxModel(exported, estimator, f"the exported {type(estimator.classifier).__name__}")
            parity = prove_parity(estimator, onnx, test)
            facts |= parity
        with step("score"):
            scored = Scored(frame, estimator.predict(frame.features), held_out)
        baseline, explained = _explain(spec, estimator, onnx, scored)
        with step("evaluate"):
            evaluation = evaluate(spec, estimator, how_made(spec, estimator), scored, explained, parity)
        with step("write", output=spec.output_uri):
            described = signature(spec, estimator, training, baseline, scored.probability[held_out])
            files = {name: folder / name for name in ("model.onnx", "model.pkl")}
            files["model.onnx"].write_bytes(exported)
            files["model.pkl"].write_bytes(canonical_pickle.to_pickle(estimator.pipeline))
            for name, value in (("signature.json", described), ("evaluation.json", evaluation)):
                files[name] = folder / name
                write_json(files[name], value)
            files["reference_scores.parquet"] = folder / "reference_scores.parquet"
            write_reference_scores(
                files["reference_scores.parquet"], frame, spec.columns.partition, held_out, scored.probability
            )
            outcome = result(evaluation, parity, [artifact(path) for path in files.values()])
            last = folder / "result.json"
            write_json(last, outcome)
            publish(storage, spec.output_uri, list(files.values()), last)
    return outcome


def fetch_frame(spec: Spec, storage: Storage, local: Path) -> Frame:
    with step("fetch_frame", uri=spec.frame_uri) as facts:
        digest = storage.fetch(spec.frame_uri, local)
        if spec.frame_sha256 is not None and digest != spec.frame_sha256:
            raise TrainerError(
                "TRAINING_FRAME_DIGEST_MISMATCH",
                f"{spec.frame_uri} has SHA-256 {digest}; the spec says {spec.frame_sha256}.",
                uri=spec.frame_uri,
            )
        frame = read_frame(local, spec.columns, spec.frame_rows)
        facts |= {"rows": frame.rows, "bytes": local.stat().st_size}
    return frame


def _explain(
    spec: Spec, estimator: Estimator, onnx: OnnxModel, scored: Scored
) -> tuple[dict[str, float | str | None], dict[str, Any]]:
    with step("test_reasons") as facts:
        frame, held_out = scored.frame, scored.held_out
        baseline = baseline_values(estimator, frame.features[~held_out & (frame.label == 0)])
        sample = sample_declined(scored.probability[held_out], spec.cut_off, spec.seed)
        rows = frame.features[held_out].iloc[sample]
        explained = fidelity(estimator, onnx.predict, rows, baseline, spec.seed)
        facts |= {"rows": len(rows), "passed": explained["passed"]}
    if not np.isfinite(scored.probability).all():
        raise TrainerError("ESTIMATOR_FIT_FAILED", "The trained model gives probabilities that are not numbers.")
    return baseline, explained
