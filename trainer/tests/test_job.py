"""Runs the whole job in this process: every kind of estimator, the output files and their shapes."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest

from millrace_trainer.errors import TrainerError
from millrace_trainer.job import run
from millrace_trainer.spec import parse_spec

from .conftest import FEATURES, MakeSpec, applicants

LOGISTIC = {
    "pipeline": [
        {"class": "sklearn.impute.SimpleImputer", "params": {"strategy": "median", "add_indicator": True}},
        {"class": "sklearn.preprocessing.StandardScaler"},
        {"class": "sklearn.preprocessing.OneHotEncoder", "params": {"handle_unknown": "ignore"}},
        {"class": "sklearn.linear_model.LogisticRegression", "params": {"C": 0.5, "max_iter": 1000}},
    ]
}
ESTIMATORS: dict[str, Any] = {
    "lightgbm with strings": {"estimator": "lightgbm.LGBMClassifier", "params": {"n_estimators": 30}},
    "lightgbm bagged": {
        "estimator": "lightgbm.LGBMClassifier",
        "params": {"boosting_type": "rf", "subsample": 0.7, "subsample_freq": 1, "n_estimators": 20},
    },
    "logistic pipeline": {"estimator": LOGISTIC},
    "logistic alone": {"estimator": "sklearn.linear_model.LogisticRegression", "params": {"max_iter": 2000}},
    "gradient boosting": {"estimator": "sklearn.ensemble.GradientBoostingClassifier"},
    "hist gradient boosting": {"estimator": "sklearn.ensemble.HistGradientBoostingClassifier"},
    "random forest": {"estimator": "sklearn.ensemble.RandomForestClassifier", "params": {"n_estimators": 20}},
    "bagging": {
        "estimator": "sklearn.ensemble.BaggingClassifier",
        "params": {
            "estimator": {"class": "sklearn.tree.DecisionTreeClassifier", "params": {"min_samples_leaf": 20}},
            "n_estimators": 20,
        },
    },
    "extra trees": {"estimator": "sklearn.ensemble.ExtraTreesClassifier", "params": {"n_estimators": 20}},
    "scaled lightgbm": {
        "estimator": {
            "pipeline": [{"class": "sklearn.preprocessing.StandardScaler"}, {"class": "lightgbm.LGBMClassifier"}]
        },
        "params": {"n_estimators": 20},
    },
    "ordinal codes": {
        "estimator": {
            "pipeline": [
                {
                    "class": "sklearn.preprocessing.OrdinalEncoder",
                    "params": {"handle_unknown": "use_encoded_value", "unknown_value": -1},
                },
                {"class": "lightgbm.LGBMClassifier", "params": {"n_estimators": 20}},
            ]
        },
    },
    "principal components": {
        "estimator": {
            "pipeline": [
                {"class": "sklearn.preprocessing.StandardScaler"},
                {"class": "sklearn.decomposition.PCA", "params": {"n_components": 3}},
                {"class": "sklearn.linear_model.LogisticRegression"},
            ]
        },
    },
}


def load(out: str, name: str) -> Any:
    return json.loads((Path(out) / name).read_text())


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_each_kind_of_estimator_trains_and_is_proved_equal(make_spec: MakeSpec, kind: str) -> None:
    spec = make_spec(**ESTIMATORS[kind])
    outcome = run(parse_spec(spec))
    assert outcome["metrics"]["auc"] > 0.65
    assert outcome["parity"]["max_abs_diff"] <= 1e-5
    assert outcome["parity"]["rows"] > outcome["rows"]["test"]
    evaluation = load(spec["output"]["uri"], "evaluation.json")
    assert evaluation["explainability"]["fidelity"]["passed"]


def test_the_exported_file_scores_as_the_reference_scores_say(make_spec: MakeSpec) -> None:
    spec = make_spec()
    run(parse_spec(spec))
    out, frame = Path(spec["output"]["uri"]), pd.read_parquet(spec["frame"]["uri"])
    signature = load(spec["output"]["uri"], "signature.json")
    feeds: dict[str, Any] = {}
    for source in signature["inputs"]:
        values = frame[source["features"]]
        if source["name"] == "numeric":
            feeds["numeric"] = values.astype(float).to_numpy(dtype=np.float32)
        else:
            feeds["categorical"] = values.astype(object).fillna("").to_numpy(dtype=object)
    session = onnxruntime.InferenceSession(out / "model.onnx", providers=["CPUExecutionProvider"])
    (probability,) = session.run(None, feeds)
    reference = pd.read_parquet(out / "reference_scores.parquet")
    assert probability.shape == (len(frame),)
    assert np.abs(probability - reference["probability"]).max() <= 1e-5
    assert list(reference.columns) == ["customer_id", "dt", "split", "probability"]
    assert reference["customer_id"].tolist() == frame["customer_id"].tolist()


def test_a_composite_entity_keeps_its_columns_in_signature_and_reference_scores(make_spec: MakeSpec) -> None:
    frame = applicants(600).assign(product=lambda rows: [f"p,{n % 3}" for n in rows["customer_id"]])
    frame["customer_id"] //= 3
    spec = make_spec(frame, estimator="sklearn.linear_model.LogisticRegression")
    spec["columns"]["entity"] = ["customer_id", "product"]
    run(parse_spec(spec))
    assert load(spec["output"]["uri"], "signature.json")["entity"] == ["customer_id", "product"]
    reference = pd.read_parquet(Path(spec["output"]["uri"]) / "reference_scores.parquet")
    assert list(reference.columns) == ["customer_id", "product", "dt", "split", "probability"]
    assert reference["product"].tolist() == frame["product"].tolist()


def test_the_evaluation_counts_the_rows_without_a_label(make_spec: MakeSpec) -> None:
    spec = make_spec()
    spec["frame"]["unlabelled"] = 91
    outcome = run(parse_spec(spec))
    rows = load(spec["output"]["uri"], "evaluation.json")["split"]["rows"]
    assert rows == {**outcome["rows"], "unlabelled": 91}


def test_the_pickle_scores_alike(make_spec: MakeSpec) -> None:
    spec = make_spec()
    run(parse_spec(spec))
    out, frame = Path(spec["output"]["uri"]), pd.read_parquet(spec["frame"]["uri"])
    signature = load(spec["output"]["uri"], "signature.json")
    rows = pd.DataFrame(
        {
            f["name"]: frame[f["name"]].astype(object).fillna("")
            if f["type"] == "string"
            else frame[f["name"]].astype(float)
            for f in signature["features"]
        }
    )
    model = pickle.loads((out / "model.pkl").read_bytes())
    reference = pd.read_parquet(out / "reference_scores.parquet")["probability"]
    assert np.array_equal(model.predict_proba(rows)[:, 1], reference)


def test_result_names_every_file_with_its_digest(make_spec: MakeSpec) -> None:
    import hashlib

    spec = make_spec()
    outcome = run(parse_spec(spec))
    out = Path(spec["output"]["uri"])
    assert load(spec["output"]["uri"], "result.json") == outcome
    for artifact in outcome["artifacts"]:
        data = (out / artifact["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (artifact["size"], artifact["sha256"])
    assert sorted(p.name for p in out.iterdir()) == sorted([a["path"] for a in outcome["artifacts"]] + ["result.json"])


def test_signature_says_how_to_feed_the_model_and_what_it_was_trained_on(make_spec: MakeSpec) -> None:
    spec = make_spec()
    run(parse_spec(spec))
    signature = load(spec["output"]["uri"], "signature.json")
    assert signature["inputs"] == [
        {
            "name": "numeric",
            "type": "float32",
            "missing": "NaN",
            "features": ["utilisation", "income", "late_payments", "has_mortgage"],
        },
        {"name": "categorical", "type": "string", "missing": "", "features": ["region"]},
    ]
    for feature in signature["features"]:
        drift = feature["drift"]
        total = sum(drift["shares"]) + drift["missing_share"] + drift.get("other_share", 0)
        assert total == pytest.approx(1)
        if drift["kind"] == "numeric":
            assert len(drift["shares"]) == len(drift["edges"]) + 1
            assert drift["edges"] == sorted(drift["edges"])
    by_name = {f["name"]: f for f in signature["features"]}
    assert by_name["region"]["baseline"] == "north"
    assert by_name["has_mortgage"]["baseline"] in (0.0, 1.0)
    assert sum(signature["score"]["drift"]["shares"]) == pytest.approx(1)


def test_one_label_month_makes_out_of_time_not_measurable(make_spec: MakeSpec) -> None:
    spec = make_spec()
    run(parse_spec(spec))
    performance = load(spec["output"]["uri"], "evaluation.json")["performance"]
    assert performance["out_of_time"] == {"not_measurable": "because there is one label month"}
    assert performance["test"]["auc"]["low"] < performance["test"]["auc"]["value"] < performance["test"]["auc"]["high"]


def test_an_out_of_time_split_holds_out_the_newest_dates(make_spec: MakeSpec) -> None:
    frame = applicants(400, ("2024-01-01", "2024-02-01", "2024-03-01"))
    spec = make_spec(frame, split={"kind": "out_of_time", "test_dates": 1})
    run(parse_spec(spec))
    evaluation = load(spec["output"]["uri"], "evaluation.json")
    assert evaluation["split"]["dates"] == {"train": ["2024-01-01", "2024-02-01"], "test": ["2024-03-01"]}
    assert evaluation["performance"]["out_of_time"] == evaluation["performance"]["test"]


def test_a_small_fairness_group_is_said_to_be_not_measurable(make_spec: MakeSpec) -> None:
    spec = make_spec()
    run(parse_spec(spec))
    band = load(spec["output"]["uri"], "evaluation.json")["fairness"]["band"]
    rare = next(g for g in band["groups"] if g["group"] == "rare")
    assert "fewer than 30" in rare["selection_rate"]["not_measurable"]
    assert 0 < band["demographic_parity_ratio"] <= 1


@pytest.mark.parametrize("estimator", ["lightgbm.LGBMClassifier", "sklearn.ensemble.HistGradientBoostingClassifier"])
def test_monotonic_constraints_are_kept(make_spec: MakeSpec, estimator: str) -> None:
    spec = make_spec(estimator=estimator)
    run(parse_spec(spec))
    evaluation = load(spec["output"]["uri"], "evaluation.json")
    assert evaluation["estimator"]["monotonic"]["applied"]
    frame = pd.read_parquet(spec["frame"]["uri"]).head(200)
    session = onnxruntime.InferenceSession(Path(spec["output"]["uri"]) / "model.onnx")
    base = frame[["utilisation", "income", "late_payments", "has_mortgage"]].astype(float).to_numpy(np.float32)
    region = frame[["region"]].astype(object).fillna("").to_numpy(object)
    for column, grid, sign in ((0, np.linspace(0, 1, 15), 1), (1, np.linspace(5e3, 9e4, 15), -1)):
        curve = []
        for value in grid:
            changed = base.copy()
            changed[:, column] = value
            curve.append(session.run(None, {"numeric": changed, "categorical": region})[0])
        assert (sign * np.diff(np.array(curve), axis=0) >= -1e-6).all()


def test_constraints_that_cannot_be_kept_are_said_so(make_spec: MakeSpec) -> None:
    spec = make_spec(estimator="sklearn.linear_model.LogisticRegression")
    run(parse_spec(spec))
    monotonic = load(spec["output"]["uri"], "evaluation.json")["estimator"]["monotonic"]
    assert not monotonic["applied"]
    assert monotonic["reason"] == "because LogisticRegression takes no monotonic constraints"


def test_a_failed_gate_is_a_result(make_spec: MakeSpec) -> None:
    outcome = run(parse_spec(make_spec(gates={"auc": {"min": 0.99}})))
    assert outcome["status"] == "ok"
    assert [g["passed"] for g in outcome["gates"]] == [False]


def test_a_model_of_strings_only(make_spec: MakeSpec) -> None:
    spec = make_spec(gates={})
    spec["columns"] = {**spec["columns"], "features": [f for f in FEATURES if f["type"] == "string"]}
    outcome = run(parse_spec(spec))
    assert outcome["parity"]["max_abs_diff"] <= 1e-5


def test_no_parity_is_a_user_error_and_nothing_is_written(make_spec: MakeSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    from millrace_trainer import export

    honest = export.OnnxModel.predict
    monkeypatch.setattr(export.OnnxModel, "predict", lambda self, rows: honest(self, rows) + 2e-5)
    spec = make_spec()
    with pytest.raises(TrainerError) as caught:
        run(parse_spec(spec))
    assert (caught.value.code, caught.value.exit_code) == ("ONNX_PARITY_NOT_PROVED", 10)
    assert not Path(spec["output"]["uri"]).exists()


def test_an_estimator_that_onnx_cannot_hold_exactly_is_refused(make_spec: MakeSpec) -> None:
    with pytest.raises(TrainerError) as caught:
        run(parse_spec(make_spec(estimator="sklearn.neighbors.KNeighborsClassifier")))
    assert caught.value.code == "ONNX_PARITY_NOT_PROVED"


def test_a_conversion_that_does_not_end_is_given_up(make_spec: MakeSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    from millrace_trainer import export

    monkeypatch.setattr(export, "LONGEST_SECONDS", 1)
    steps = ["sklearn.preprocessing.QuantileTransformer", "sklearn.linear_model.LogisticRegression"]
    with pytest.raises(TrainerError) as caught:
        run(parse_spec(make_spec(estimator={"pipeline": [{"class": name} for name in steps]})))
    assert caught.value.code == "ONNX_PARITY_NOT_PROVED"
    assert "longer than 1 seconds" in caught.value.message


@pytest.mark.parametrize(
    "params",
    [{"objective": "cross_entropy"}, {"linear_tree": True}, {"zero_as_missing": True}, {"categorical_feature": [2]}],
)
def test_a_lightgbm_that_its_trees_do_not_tell_is_refused(make_spec: MakeSpec, params: dict[str, Any]) -> None:
    with pytest.raises(TrainerError) as caught:
        run(parse_spec(make_spec(params={"n_estimators": 5, **params})))
    assert caught.value.code == "ONNX_PARITY_NOT_PROVED"


def test_estimators_that_onnx_runtime_refuses_are_no_crash(make_spec: MakeSpec) -> None:
    with pytest.raises(TrainerError) as caught:
        run(parse_spec(make_spec(estimator="sklearn.ensemble.AdaBoostClassifier")))
    assert caught.value.code == "ONNX_PARITY_NOT_PROVED"


def test_columns_as_other_writers_store_them(make_spec: MakeSpec) -> None:
    import datetime

    plain = applicants(400)
    other = plain.assign(
        dt=[datetime.date(2024, 1, 1)] * 400,
        region=plain["region"].astype("category"),
        late_payments=plain["late_payments"].astype("Int64"),
        has_mortgage=plain["has_mortgage"].astype("boolean"),
    )
    outcomes = [run(parse_spec(make_spec(frame))) for frame in (plain, other)]
    assert outcomes[0]["metrics"] == outcomes[1]["metrics"]


def test_a_step_without_onnx_form_is_named_and_no_category_is_shown(make_spec: MakeSpec) -> None:
    steps = [
        {"class": "sklearn.preprocessing.OneHotEncoder", "params": {"handle_unknown": "ignore", "min_frequency": 300}},
        {"class": "sklearn.linear_model.LogisticRegression"},
    ]
    with pytest.raises(TrainerError) as caught:
        run(parse_spec(make_spec(estimator={"pipeline": steps})))
    assert caught.value.code == "ONNX_PARITY_NOT_PROVED"
    assert "OneHotEncoder" in str(caught.value)
    assert "min_frequency" in str(caught.value)
    assert "north" not in str(caught.value)
