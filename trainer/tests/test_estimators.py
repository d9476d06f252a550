"""Compares `estimators.json`, from which docs/reference/estimators.md is generated, with what the trainer does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sklearn.utils import all_estimators

from millrace_trainer.errors import TrainerError
from millrace_trainer.job import run
from millrace_trainer.spec import parse_spec

from .conftest import MakeSpec, applicants

TABLE: list[dict[str, Any]] = json.loads((Path(__file__).parent.parent / "estimators.json").read_text())


def test_the_table_has_every_classifier_of_scikit_learn() -> None:
    listed = {row["class"] for row in TABLE if row["class"].startswith("sklearn.")}
    assert listed == {f"{kind.__module__.split('._')[0]}.{name}" for name, kind in all_estimators("classifier")}


@pytest.mark.parametrize("row", TABLE, ids=[row["class"] for row in TABLE])
def test_each_class_trains_or_is_refused_as_the_table_says(make_spec: MakeSpec, row: dict[str, Any]) -> None:
    steps = [{"class": "sklearn.preprocessing.MinMaxScaler"}, {"class": row["class"], "params": row["params"]}]
    spec = make_spec(applicants(600), estimator={"pipeline": steps}, gates={})
    try:
        run(parse_spec(spec))
        result = "trained"
    except TrainerError as error:
        result = error.code
    assert result == row["result"]
