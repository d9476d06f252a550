"""Mistakes in specs and frames, and the error for each of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from millrace_trainer.errors import TrainerError
from millrace_trainer.job import run
from millrace_trainer.spec import parse_spec

from .conftest import MakeSpec, applicants


def failure(spec: dict[str, Any]) -> TrainerError:
    with pytest.raises(TrainerError) as caught:
        run(parse_spec(spec))
    assert not Path(spec["output"]["uri"]).exists()
    return caught.value


@pytest.mark.parametrize(
    ("estimator", "params", "code", "said"),
    [
        ("sklearn.ensemble.RandomForrestClassifier", {}, "ESTIMATOR_UNKNOWN", "Did you mean"),
        ("sklearn.nothing.Here", {}, "ESTIMATOR_UNKNOWN", "sklearn.nothing"),
        ("sklearn.utils.murmurhash3_32", {}, "ESTIMATOR_UNKNOWN", "no scikit-learn estimator"),
        ("subprocess.Popen", {}, "ESTIMATOR_NOT_ALLOWED", "subprocess"),
        ("xgboost.XGBClassifier", {}, "ESTIMATOR_NOT_ALLOWED", "xgboost"),
        ("lightgbm.LGBMClassifier", {"n_estimator": 5}, "ESTIMATOR_PARAMS_INVALID", "Did you mean n_estimators"),
        ("lightgbm.LGBMClassifier", {"num_leaves": 1}, "ESTIMATOR_PARAMS_INVALID", "num_leaves"),
        ("sklearn.ensemble.RandomForestClassifier", {"n_estimators": -3}, "ESTIMATOR_PARAMS_INVALID", "n_estimators"),
        ("sklearn.linear_model.LogisticRegression", {"c": 1}, "ESTIMATOR_PARAMS_INVALID", "no parameter c"),
        ("sklearn.svm.LinearSVC", {}, "ESTIMATOR_WITHOUT_PROBABILITY", "LinearSVC"),
        ("sklearn.preprocessing.StandardScaler", {}, "ESTIMATOR_WITHOUT_PROBABILITY", "StandardScaler"),
    ],
)
def test_a_wrong_estimator_is_named(
    make_spec: MakeSpec, estimator: str, params: dict[str, Any], code: str, said: str
) -> None:
    error = failure(make_spec(applicants(200), estimator=estimator, params=params))
    assert (error.code, error.exit_code) == (code, 10)
    assert said in error.message


def test_a_classifier_cannot_stand_in_the_middle_of_a_pipeline(make_spec: MakeSpec) -> None:
    steps = [{"class": "sklearn.linear_model.LogisticRegression"}, {"class": "lightgbm.LGBMClassifier"}]
    error = failure(make_spec(applicants(200), estimator={"pipeline": steps}))
    assert error.code == "ESTIMATOR_PARAMS_INVALID"
    assert "transforms nothing" in error.message


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_a_label_of_one_class(make_spec: MakeSpec, label: float) -> None:
    assert failure(make_spec(applicants(200).assign(label=label))).code == "LABEL_ONE_CLASS"


def test_a_label_that_is_missing_in_some_rows(make_spec: MakeSpec) -> None:
    frame = applicants(200)
    frame.loc[:4, "label"] = None
    error = failure(make_spec(frame))
    assert error.code == "LABEL_NOT_BINARY"
    assert "5 of 200" in error.message


@pytest.mark.parametrize("column", ["label", "income", "attr_sex", "customer_id"])
def test_a_column_that_the_frame_lacks(make_spec: MakeSpec, column: str) -> None:
    error = failure(make_spec(applicants(200).drop(columns=column)))
    assert (error.code, error.exit_code) == ("TRAINING_FRAME_MISMATCH", 20)
    assert column in error.message


def test_texts_where_numbers_should_be(make_spec: MakeSpec) -> None:
    error = failure(make_spec(applicants(200).assign(income="much")))
    assert error.code == "TRAINING_FRAME_MISMATCH"
    assert "income" in error.message


def test_a_frame_that_is_no_parquet_file(make_spec: MakeSpec) -> None:
    spec = make_spec(applicants(200))
    Path(spec["frame"]["uri"]).write_bytes(b"PAR1 rubbish")
    spec["frame"].pop("sha256")
    assert failure(spec).code == "TRAINING_FRAME_UNREADABLE"


def test_a_frame_that_is_not_there(make_spec: MakeSpec) -> None:
    spec = make_spec(applicants(10))
    spec["frame"]["uri"] += ".gone"
    error = failure(spec)
    assert (error.code, error.exit_code) == ("TRAINING_FRAME_MISSING", 20)


def test_a_frame_with_another_number_of_rows(make_spec: MakeSpec) -> None:
    spec = make_spec(applicants(200))
    spec["frame"]["rows"] = 201
    assert failure(spec).code == "TRAINING_FRAME_MISMATCH"


def test_a_frame_without_rows(make_spec: MakeSpec) -> None:
    assert failure(make_spec(applicants(200).head(0))).code == "TRAINING_FRAME_MISMATCH"


def test_an_out_of_time_split_of_one_date(make_spec: MakeSpec) -> None:
    spec = make_spec(applicants(200), split={"kind": "out_of_time", "test_dates": 1})
    assert failure(spec).code == "SPLIT_NOT_POSSIBLE"


def test_a_gate_on_an_attribute_that_is_not_there(make_spec: MakeSpec) -> None:
    gates = {"equal_opportunity_difference": {"attribute": "age", "max": 0.1}}
    error = failure(make_spec(applicants(200), gates=gates))
    assert (error.code, error.details["path"]) == (
        "TRAINING_SPEC_INVALID",
        "gates.equal_opportunity_difference.attribute",
    )


def test_features_without_any_value_do_not_stop_a_training(make_spec: MakeSpec) -> None:
    frame = applicants(400).assign(income=None, region=None)
    frame["income"] = pd.Series([None] * 400, dtype="float64")
    assert run(parse_spec(make_spec(frame)))["status"] == "ok"
    assert run(parse_spec(make_spec(frame, estimator="sklearn.linear_model.LogisticRegression")))["status"] == "ok"


FEATURE = {"name": "income", "type": "double"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"spec_version": 2}, "spec_version"),
        ({"colour": "red"}, "colour"),
        ({"cut_off": 1.5}, "cut_off"),
        ({"seed": -1}, "seed"),
        ({"seed": True}, "seed"),
        ({"estimator": "lightgbm"}, "estimator"),
        ({"estimator": {"pipeline": []}}, "estimator.pipeline"),
        ({"estimator": {"pipeline": [{"class": "a.B", "parms": {}}]}}, "estimator.pipeline[0].parms"),
        ({"split": {"kind": "by_entity", "test_share": 1}}, "split.test_share"),
        ({"gates": {"acu": {"min": 0.7}}}, "gates.acu"),
        ({"gates": {"auc": {"least": 0.7}}}, "gates.auc.least"),
        ({"gates": {"demographic_parity_ratio": {"min": 0.7}}}, "gates.demographic_parity_ratio.attribute"),
        ({"frame": {}}, "frame.uri"),
        ({"columns": {"entity": [], "partition": "dt", "label": "y", "features": [FEATURE]}}, "columns.entity"),
        ({"columns": {"entity": ["a", 1], "partition": "dt", "label": "y", "features": [FEATURE]}}, "columns.entity"),
        ({"columns": {"entity": ["a", "dt"], "partition": "dt", "label": "y", "features": [FEATURE]}}, "columns"),
    ],
)
def test_a_wrong_spec_is_told_with_its_place(make_spec: MakeSpec, change: dict[str, Any], path: str) -> None:
    with pytest.raises(TrainerError) as caught:
        parse_spec({**make_spec(applicants(10)), **change})
    assert (caught.value.code, caught.value.details["path"]) == ("TRAINING_SPEC_INVALID", path)
