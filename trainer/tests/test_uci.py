"""Checks the expected figures on the public credit-card data, which set-up puts next to the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from millrace_trainer.job import run
from millrace_trainer.spec import parse_spec

from .conftest import MakeSpec

RAW = Path(__file__).parents[2] / ".millrace-tools" / "data" / "credit-card" / "raw"


def by_month(statements: pd.DataFrame, column: str) -> pd.DataFrame:
    """Returns one row per customer and one column per month, newest month first."""
    wide = statements.pivot(index="customer_id", columns="statement_month", values=column)
    return wide[sorted(wide.columns, reverse=True)]


@pytest.mark.skipif(not RAW.is_dir(), reason="set-up has not laid the data beside this checkout")
def test_lightgbm_ranks_defaults_as_well_as_the_literature_says(make_spec: MakeSpec) -> None:
    statements = pd.read_parquet(RAW / "statements")
    late = by_month(statements, "repayment_status")
    bills = by_month(statements, "bill_amount")
    paid = by_month(statements, "payment_amount")
    customers = pd.read_parquet(RAW / "customers").set_index("customer_id").loc[late.index]
    defaults = pd.read_parquet(RAW / "defaults").set_index("customer_id").loc[late.index]
    frame = pd.DataFrame(
        {
            "customer_id": late.index,
            "dt": "2005-10-01",
            "credit_limit": customers["limit_balance"].to_numpy(),
            "months_late_now": late.iloc[:, 0].astype(float).to_numpy(),
            "months_late_max": late.max(axis=1).astype(float).to_numpy(),
            "late_count": (late > 0).sum(axis=1).to_numpy(),
            "utilisation": (bills.iloc[:, :3].mean(axis=1) / customers["limit_balance"]).to_numpy(),
            "paid_6m": paid.sum(axis=1).to_numpy(),
            "paid_share": (paid.iloc[:, 0] / bills.iloc[:, 1].where(bills.iloc[:, 1] > 0)).to_numpy(),
            "label": defaults["defaulted"].astype(float).to_numpy(),
            "attr_sex": customers["sex"].to_numpy(),
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
