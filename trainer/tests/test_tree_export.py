"""Tests trees at their thresholds: a value between a threshold and its float32 rounding must reach the same leaf."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from millrace_trainer.estimator import fit, make_estimator
from millrace_trainer.export import OnnxModel, to_onnx
from millrace_trainer.spec import parse_spec

from .conftest import MakeSpec, applicants

TREES = [
    ("lightgbm.LGBMClassifier", {"n_estimators": 30, "min_child_samples": 1, "max_bin": 4095}),
    ("sklearn.ensemble.RandomForestClassifier", {"n_estimators": 10}),
    ("sklearn.ensemble.GradientBoostingClassifier", {"n_estimators": 20}),
    ("sklearn.ensemble.HistGradientBoostingClassifier", {"max_iter": 20}),
]


def neighbours(seed: int) -> tuple[pd.DataFrame, Any]:
    """Returns values so close together that thresholds fall between adjacent float32 numbers."""
    rng = np.random.default_rng(seed)
    base = np.float32(rng.choice([1.0, 1000.1, 16_777_216.0, 1e-3]))
    grid = [base]
    for _ in range(40):
        grid.append(np.nextafter(grid[-1], np.float32(np.inf)))
    values = np.array(grid, dtype=np.float32).astype(np.float64)
    x = rng.choice(values, (600, 2))
    label = (x[:, 0] > values[17]) ^ (rng.random(600) < 0.1)
    return pd.DataFrame({"a": x[:, 0], "b": np.where(rng.random(600) < 0.1, np.nan, x[:, 1])}), label.astype(np.int64)


@pytest.mark.parametrize(("estimator", "params"), TREES)
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_neighbouring_float32_values_land_in_the_same_leaf(
    make_spec: MakeSpec, estimator: str, params: dict[str, Any], seed: int
) -> None:
    rows, label = neighbours(seed)
    value = make_spec(applicants(10), estimator=estimator, params=params)
    value["columns"]["features"] = [{"name": "a", "type": "double"}, {"name": "b", "type": "double"}]
    model = make_estimator(parse_spec(value), rows)
    fit(model, rows, label)
    data = to_onnx(model)
    assert np.abs(OnnxModel(data, model).predict(rows) - model.predict(rows)).max() < 1e-6


def test_a_tree_without_splits_is_exported(make_spec: MakeSpec) -> None:
    rows, label = neighbours(0)
    value = make_spec(applicants(10), params={"n_estimators": 3, "min_child_samples": 10_000})
    value["columns"]["features"] = [{"name": "a", "type": "double"}, {"name": "b", "type": "double"}]
    model = make_estimator(parse_spec(value), rows)
    fit(model, rows, label)
    assert np.abs(OnnxModel(to_onnx(model), model).predict(rows) - model.predict(rows)).max() < 1e-6
