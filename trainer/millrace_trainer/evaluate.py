"""Makes evaluation.json: performance, fairness and explainability for the model card."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import __version__
from .bins import number_bins, number_shares
from .estimator import Estimator
from .explain import METHOD, REASONS
from .fairness import attribute_name, fairness
from .frame import FeatureInputs, Frame
from .gates import verdicts
from .metrics import LEVEL, calibration, measure, psi, replicates
from .spec import Spec

MOST_SLICES = 8
SMALLEST_SLICE = 100
PACKAGES = ("numpy", "pandas", "pyarrow", "scikit-learn", "lightgbm", "onnx", "skl2onnx", "onnxruntime")


_NO_ATTRIBUTE: dict[str, Any] = {"not_measurable": "because the model names no fairness attribute"}


@dataclass(frozen=True)
class Scored:
    """The frame, the probability of every row, and a mask of the held-out rows."""

    frame: Frame
    probability: NDArray[np.float64]
    held_out: NDArray[np.bool_]

    def part(self, rows: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return self.frame.label[rows], self.probability[rows]


def evaluate(
    spec: Spec,
    model: FeatureInputs,
    made: dict[str, Any],
    scored: Scored,
    explained: dict[str, Any],
    parity: dict[str, Any],
) -> dict[str, Any]:
    """`made` says how the model came about, as `how_made` does for an estimator."""
    test_label, test_probability = scored.part(scored.held_out)
    test = measure(test_label, test_probability, spec.seed)
    by_attribute = {
        attribute_name(column): fairness(test_label, test_probability, groups[scored.held_out], spec.cut_off)
        for column, groups in scored.frame.attributes.items()
    }
    gates = verdicts(spec.gates, test, by_attribute)
    for gate, verdict in zip(spec.gates, gates, strict=True):
        if gate.attribute is not None:
            by_attribute[gate.attribute].setdefault("gates", []).append(verdict)
    return {
        "evaluation_version": 1,
        "model": spec.model,
        "feature_set": spec.feature_set,
        "training_id": spec.training_id,
        "as_of": spec.as_of,
        "cut_off": spec.cut_off,
        "estimator": made,
        "split": _split(spec, scored),
        "performance": {
            "train": measure(*scored.part(~scored.held_out), spec.seed),
            "test": test,
            "out_of_time": _out_of_time(spec, scored, test),
            "psi_train_test": _score_psi(scored),
            "calibration": calibration(test_label, test_probability),
            "slices": _slices(spec, model, scored),
            "bootstrap": {
                "method": "percentile, rows drawn with replacement",
                "level": LEVEL,
                "replicates": {
                    "train": replicates(int((~scored.held_out).sum())),
                    "test": replicates(len(test_label)),
                },
                "seed": spec.seed,
            },
        },
        "fairness": by_attribute or _NO_ATTRIBUTE,
        "gates": gates,
        "explainability": {
            "method": METHOD,
            "description": "drop in probability when one feature is put at its baseline and the others are kept",
            "baseline": "lower median, or commonest text, of the training rows with label 0",
            "number_of_reasons": REASONS,
            "fidelity": explained,
        },
        "onnx": parity,
        "versions": _versions(),
    }


def how_made(spec: Spec, estimator: Estimator) -> dict[str, Any]:
    return {
        "steps": [{"class": s.class_path, "params": s.params} for s in spec.steps],
        "seed": spec.seed,
        "added": estimator.added,
        "monotonic": monotonic(estimator),
    }


def _versions() -> dict[str, str]:
    packages = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "millrace_trainer": __version__, **packages}


def monotonic(estimator: Estimator) -> dict[str, Any]:
    """Returns the requested directions, and whether they were applied to the classifier."""
    asked = {f.name: f.monotonic for f in estimator.features if f.monotonic}
    if not asked:
        return {"requested": {}, "applied": False}
    reason: dict[str, Any] = {"reason": f"because {estimator.monotonic_reason}"} if estimator.monotonic_reason else {}
    return {"requested": asked, "applied": estimator.monotonic_param is not None, **reason}


def _split(spec: Spec, scored: Scored) -> dict[str, Any]:
    share = {"test_share": spec.split.test_share} if spec.split.kind == "by_entity" else {}
    dates = {"test_dates": spec.split.test_dates} if spec.split.kind == "out_of_time" else {}
    train, test = scored.frame.dates[~scored.held_out], scored.frame.dates[scored.held_out]
    unlabelled = {} if spec.frame_unlabelled is None else {"unlabelled": spec.frame_unlabelled}
    return {
        "kind": spec.split.kind,
        **share,
        **dates,
        "rows": {"train": len(train), "test": len(test), **unlabelled},
        "dates": {"train": np.unique(train).tolist(), "test": np.unique(test).tolist()},
    }


def _out_of_time(spec: Spec, scored: Scored, test: dict[str, Any]) -> dict[str, Any]:
    if spec.split.kind == "out_of_time":
        return test
    dates = np.unique(scored.frame.dates)
    grain = spec.grain or ("month" if all(d.endswith("-01") for d in dates) else "day")
    if len(dates) == 1:
        return {"not_measurable": f"because there is one label {grain}"}
    return {"not_measurable": f"because the split is by entity, so all {len(dates)} label {grain}s were trained on"}


def _score_psi(scored: Scored) -> float:
    """Returns the PSI of the score between train and test rows, over the deciles of the training rows."""
    train = number_bins(scored.probability[~scored.held_out])
    test = number_shares(scored.probability[scored.held_out], np.array(train["edges"]))
    return psi(np.array(train["shares"]), np.array(test["shares"]))


def _slices(spec: Spec, model: FeatureInputs, scored: Scored) -> list[dict[str, Any]]:
    """Returns figures of test rows by label date, string feature and fairness group: the eight largest of each."""
    by: dict[str, Any] = {}
    if len(np.unique(scored.frame.dates[scored.held_out])) > 1:
        by[spec.columns.partition] = scored.frame.dates
    for name in model.categorical:
        by[name] = scored.frame.features[name].to_numpy(dtype=object).astype(str)
    for column, groups in scored.frame.attributes.items():
        by[attribute_name(column)] = groups.astype(str)
    result = []
    for name, values in by.items():
        found, counts = np.unique(values[scored.held_out], return_counts=True)
        for index in np.lexsort((found, -counts))[:MOST_SLICES]:
            place = {"by": name, "value": str(found[index])}
            rows = int(counts[index])
            if rows < SMALLEST_SLICE:
                reason = f"because the slice has {rows} {'row' if rows == 1 else 'rows'}, fewer than {SMALLEST_SLICE}"
                result.append({**place, "rows": rows, "not_measurable": reason})
            else:
                chosen = scored.held_out & (values == found[index])
                result.append({**place, **measure(*scored.part(chosen), spec.seed)})
    return result
