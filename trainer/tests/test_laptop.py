"""`fit`: a spec from YAML and a local frame."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from millrace_trainer.errors import TrainerError
from millrace_trainer.laptop import main

from .conftest import applicants

MODEL = """
kind: Model
name: default_risk
feature_set: behaviour
estimator: lightgbm.LGBMClassifier
params: { n_estimators: 20 }
seed: 7
split: { kind: by_entity, test_share: 0.3 }
gates: { auc: { min: 0.6 } }
decision: { cut_off: 0.35 }
"""
FEATURE_SET = """
---
kind: FeatureSet
name: behaviour
entity: customer_id
features:
  utilisation: { type: double, monotonic: increasing }
  region: { type: string }
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    applicants(400).to_parquet(tmp_path / "frame.parquet")
    (tmp_path / "model.yaml").write_text(MODEL)
    (tmp_path / "both.yaml").write_text(MODEL + FEATURE_SET)
    return tmp_path


def fit(files: Path, config: str, *more: str) -> None:
    frame, out = str(files / "frame.parquet"), str(files / "out")
    main(["fit", "--frame", frame, "--config", str(files / config), "--out", out, *more])


def features(files: Path) -> set[str]:
    signature = json.loads((files / "out" / "signature.json").read_text())
    return {f["name"] for f in signature["features"]}


def test_without_a_feature_set_every_other_column_is_a_feature(files: Path) -> None:
    fit(files, "model.yaml", "--entity", "customer_id")
    assert features(files) == {"utilisation", "region", "income", "late_payments", "has_mortgage"}


def test_a_feature_set_names_entity_and_features(files: Path) -> None:
    fit(files, "both.yaml")
    assert features(files) == {"utilisation", "region"}


def test_several_columns_can_identify_rows(files: Path) -> None:
    fit(files, "model.yaml", "--entity", "customer_id", "late_payments")
    assert features(files) == {"utilisation", "region", "income", "has_mortgage"}
    both = (files / "both.yaml").read_text()
    (files / "both.yaml").write_text(both.replace("entity: customer_id", "entity: [customer_id, late_payments]"))
    fit(files, "both.yaml")
    assert features(files) == {"utilisation", "region"}


def test_without_entity_and_feature_set_it_asks_for_one(files: Path) -> None:
    with pytest.raises(TrainerError, match="--entity"):
        fit(files, "model.yaml")


def test_yaml_that_cannot_be_read_is_a_user_error(files: Path) -> None:
    (files / "bad.yaml").write_text("kind: [Model")
    with pytest.raises(TrainerError) as caught:
        fit(files, "bad.yaml")
    assert caught.value.code == "TRAINING_SPEC_INVALID"
