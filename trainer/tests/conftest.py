"""Generates applicants with a known relation between features and label, and a spec that trains on them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

# As in a job. On small frames, synchronising threads takes more time than it saves.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
import pytest

FEATURES = [
    {"name": "utilisation", "type": "double", "monotonic": "increasing"},
    {"name": "region", "type": "string"},
    {"name": "income", "type": "double", "monotonic": "decreasing"},
    {"name": "late_payments", "type": "int"},
    {"name": "has_mortgage", "type": "boolean"},
]


def applicants(rows: int = 1500, dates: tuple[str, ...] = ("2024-01-01",), seed: int = 3) -> pd.DataFrame:
    """Risk rises with utilisation and late payments, falls with income, differs by region. Some values are missing."""
    rng = np.random.default_rng(seed)
    frames = []
    for date in dates:
        utilisation = rng.beta(2, 3, rows)
        income = rng.lognormal(10, 0.5, rows)
        late = rng.poisson(0.7, rows)
        region = rng.choice(["north", "south", "east"], rows, p=[0.5, 0.3, 0.2])
        logit = -2.5 + 3 * utilisation + 0.7 * late - 0.00002 * income + 0.6 * (region == "south")
        frames.append(
            pd.DataFrame(
                {
                    "customer_id": np.arange(rows, dtype=np.int64),
                    "dt": date,
                    "utilisation": np.where(rng.random(rows) < 0.05, np.nan, utilisation),
                    "region": np.where(rng.random(rows) < 0.05, None, region),
                    "income": np.where(rng.random(rows) < 0.1, np.nan, income),
                    "late_payments": late.astype(np.int32),
                    "has_mortgage": rng.random(rows) < 0.4,
                    "label": (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(float),
                    "attr_sex": rng.choice(["f", "m"], rows),
                    "attr_band": rng.choice(["young", "old", "rare"], rows, p=[0.6, 0.39, 0.01]),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def job_environment(spec: Any, folder: Path) -> dict[str, str]:
    """
    Writes the input (JSON, or raw bytes) to a local folder, as the platform writes it to its store.

    Returns the environment that a launcher passes to the job.
    """
    folder.mkdir(parents=True, exist_ok=True)
    body = spec if isinstance(spec, bytes) else json.dumps(spec).encode()
    (folder / "input.json").write_bytes(body)
    return {
        **os.environ,
        "MILLRACE_JOB_INPUT_URI": str(folder / "input.json"),
        "MILLRACE_JOB_INPUT_SHA256": hashlib.sha256(body).hexdigest(),
        "MILLRACE_TERMINATION_LOG": str(folder / "termination"),
    }


MakeSpec = Callable[..., dict[str, Any]]


@pytest.fixture
def make_spec(tmp_path: Path) -> MakeSpec:
    """Writes a frame (generated unless given) and returns the JSON of a spec that trains on it."""

    def make(frame: pd.DataFrame | None = None, **changes: Any) -> dict[str, Any]:
        path = tmp_path / "frame.parquet"
        data = applicants() if frame is None else frame
        data.to_parquet(path, index=False)
        spec: dict[str, Any] = {
            "spec_version": 1,
            "model": "default_risk",
            "feature_set": "behaviour",
            "training_id": "t1",
            "as_of": "2024-02-01",
            "estimator": "lightgbm.LGBMClassifier",
            "params": {"n_estimators": 40, "min_child_samples": 20},
            "seed": 7,
            "packages": ["sklearn", "lightgbm"],
            "split": {"kind": "by_entity", "test_share": 0.3},
            "gates": {"auc": {"min": 0.6}, "demographic_parity_ratio": {"attribute": "sex", "min": 0.8}},
            "cut_off": 0.35,
            "columns": {
                "entity": "customer_id",
                "partition": "dt",
                "label": "label",
                "features": FEATURES,
                "attributes": ["attr_sex", "attr_band"],
            },
            "frame": {
                "uri": str(path),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "rows": len(data),
            },
            "output": {"uri": str(tmp_path / "out")},
        }
        if isinstance(changes.get("estimator"), (str, dict)):
            spec["params"] = {}
        return {**spec, **changes}

    return make
