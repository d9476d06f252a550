"""Evaluates models that were trained elsewhere: they get the figures of their training, or are refused by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pyarrow.parquet as pq
import pytest
from onnx import TensorProto, helper, numpy_helper

from millrace_trainer import imported, job
from millrace_trainer.errors import TrainerError
from millrace_trainer.spec import parse_spec

from .conftest import MakeSpec


def load(out: str, name: str) -> Any:
    return json.loads((Path(out) / name).read_text())


def evaluation_of(spec: dict[str, Any], model: bytes, folder: Path) -> dict[str, Any]:
    """The spec that evaluates these bytes as a training with `spec` would be evaluated."""
    folder.mkdir(exist_ok=True)
    (folder / "uploaded.onnx").write_bytes(model)
    kept = {name: value for name, value in spec.items() if name not in ("estimator", "params", "packages")}
    return {
        **kept,
        "imported": {"uri": str(folder / "uploaded.onnx"), "sha256": hashlib.sha256(model).hexdigest()},
        "output": {"uri": str(folder / "out")},
    }


@pytest.fixture
def trained(make_spec: MakeSpec) -> tuple[dict[str, Any], bytes]:
    spec = make_spec()
    job.run(parse_spec(spec))
    return spec, (Path(spec["output"]["uri"]) / "model.onnx").read_bytes()


def test_an_imported_model_gets_the_figures_of_its_own_training(
    trained: tuple[dict[str, Any], bytes], tmp_path: Path
) -> None:
    spec, model = trained
    again = evaluation_of(spec, model, tmp_path / "import")
    outcome = imported.run(parse_spec(again))
    before, after = spec["output"]["uri"], again["output"]["uri"]
    first, second = load(before, "evaluation.json"), load(after, "evaluation.json")
    for figure in ("auc", "ks", "brier"):
        assert second["performance"]["test"][figure]["value"] == pytest.approx(
            first["performance"]["test"][figure]["value"], abs=1e-6
        )
    assert [g["passed"] for g in second["gates"]] == [g["passed"] for g in first["gates"]]
    assert second["fairness"].keys() == first["fairness"].keys()
    assert second["explainability"]["fidelity"]["passed"]
    assert outcome["metrics"]["auc"] == pytest.approx(first["performance"]["test"]["auc"]["value"], abs=1e-6)
    one, other = load(before, "signature.json"), load(after, "signature.json")
    assert other["features"] == one["features"]
    assert (Path(after) / "model.onnx").read_bytes() == model


def test_what_only_the_training_knows_is_unknown(trained: tuple[dict[str, Any], bytes], tmp_path: Path) -> None:
    spec, model = trained
    again = evaluation_of(spec, model, tmp_path / "import")
    outcome = imported.run(parse_spec(again))
    evaluation = load(again["output"]["uri"], "evaluation.json")
    for place in (
        evaluation["estimator"]["steps"],
        evaluation["estimator"]["seed"],
        evaluation["estimator"]["monotonic"],
        evaluation["performance"]["train"],
        evaluation["performance"]["psi_train_test"],
        evaluation["performance"]["out_of_time"],
        evaluation["onnx"],
    ):
        assert place == imported.UNKNOWN
    assert outcome["rows"]["train"] == 0
    assert "psi_train_test" not in outcome["metrics"]
    assert evaluation["row_independence"]["max_abs_diff"] <= 1e-5
    scores = pq.read_table(Path(again["output"]["uri"]) / "reference_scores.parquet")
    assert set(scores.column("split").to_pylist()) == {"reference", "test"}


def test_the_same_import_gives_the_same_bytes(trained: tuple[dict[str, Any], bytes], tmp_path: Path) -> None:
    spec, model = trained
    one, other = (evaluation_of(spec, model, tmp_path / name) for name in ("one", "other"))
    assert imported.run(parse_spec(one)) == imported.run(parse_spec(other))


def graph(**changes: Any) -> onnx.ModelProto:
    """The sigmoid of a sum of four numbers that ignores the string, with missing and infinite numbers as zero."""
    numeric = helper.make_tensor_value_info("numeric", TensorProto.FLOAT, changes.get("numeric", ["N", 4]))
    categorical = helper.make_tensor_value_info("categorical", TensorProto.STRING, ["N", 1])
    output = helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["N"])
    weights = numpy_helper.from_array(np.full((4, 1), 0.01, dtype=np.float32), "weights")
    shape = numpy_helper.from_array(np.array([-1], dtype=np.int64), "shape")
    bound = [numpy_helper.from_array(np.array(v, dtype=np.float32), n) for n, v in (("low", -9.0), ("high", 9.0))]
    zero = numpy_helper.from_array(np.array(0.0, dtype=np.float32), "zero")
    nodes = changes.get(
        "nodes",
        [
            helper.make_node("IsNaN", ["numeric"], ["missing"]),
            helper.make_node("Where", ["missing", "zero", "numeric"], ["known"]),
            helper.make_node("Clip", ["known", "low", "high"], ["clipped"]),
            helper.make_node("MatMul", ["clipped", "weights"], ["sum"]),
            helper.make_node("Reshape", ["sum", "shape"], ["flat"]),
            helper.make_node("Sigmoid", ["flat"], ["probability"]),
        ],
    )
    inputs, outputs = changes.get("inputs", [numeric, categorical]), changes.get("outputs", [output])
    made = helper.make_graph(nodes, "made", inputs, outputs, [weights, shape, zero, *bound])
    opsets = [helper.make_opsetid("", changes.get("opset", 18)), helper.make_opsetid("strange", 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=8)


def external() -> bytes:
    model = graph()
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    return model.SerializeToString()


def replaced(last: list[Any]) -> bytes:
    """The graph with other nodes after `clipped`."""
    return graph(nodes=[*graph().graph.node[:3], *last]).SerializeToString()


def value(name: str, kind: int, shape: list[Any]) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)


BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "text": ("ONNX_NOT_A_MODEL", lambda: b"this is not a model at all"),
    "nothing": ("ONNX_NOT_A_MODEL", lambda: b""),
    "a cut file": ("ONNX_NOT_A_MODEL", lambda: graph().SerializeToString()[:200]),
    "a node whose input is missing": (
        "ONNX_NOT_A_MODEL",
        lambda: graph(nodes=[helper.make_node("Sigmoid", ["nowhere"], ["probability"])]).SerializeToString(),
    ),
    "weights in another file": ("ONNX_EXTERNAL_DATA", external),
    "an operator of its own": (
        "ONNX_OPERATOR_NOT_ALLOWED",
        lambda: replaced([helper.make_node("Steal", ["clipped"], ["probability"], domain="strange")]),
    ),
    "random numbers": (
        "ONNX_OPERATOR_NOT_ALLOWED",
        lambda: replaced([helper.make_node("RandomUniformLike", ["clipped"], ["probability"])]),
    ),
    "an operator set from the future": ("ONNX_OPERATOR_NOT_ALLOWED", lambda: graph(opset=22).SerializeToString()),
    "another number of features": (
        "ONNX_INPUTS_WRONG",
        lambda: graph(numeric=["N", 5]).SerializeToString(),
    ),
    "a fixed number of rows": ("ONNX_INPUTS_WRONG", lambda: graph(numeric=[1, 4]).SerializeToString()),
    "an input of another name": (
        "ONNX_INPUTS_WRONG",
        lambda: graph(inputs=[value("X", TensorProto.FLOAT, ["N", 4])]).SerializeToString(),
    ),
    "doubles": (
        "ONNX_INPUTS_WRONG",
        lambda: graph(
            inputs=[value("numeric", TensorProto.DOUBLE, ["N", 4]), value("categorical", TensorProto.STRING, ["N", 1])]
        ).SerializeToString(),
    ),
    "a second output": (
        "ONNX_INPUTS_WRONG",
        lambda: graph(
            outputs=[value("probability", TensorProto.FLOAT, ["N"]), value("flat", TensorProto.FLOAT, ["N"])]
        ).SerializeToString(),
    ),
    "values above one": (
        "ONNX_OUTPUT_WRONG",
        lambda: replaced(
            [
                helper.make_node("ReduceSum", ["clipped"], ["sum"], keepdims=1),
                helper.make_node("MatMul", ["clipped", "weights"], ["rows"]),
                helper.make_node("Reshape", ["rows", "shape"], ["flat"]),
                helper.make_node("Exp", ["flat"], ["probability"]),
            ]
        ),
    ),
    "no answer for missing values": (
        "ONNX_OUTPUT_WRONG",
        lambda: graph(
            nodes=[
                helper.make_node("MatMul", ["numeric", "weights"], ["sum"]),
                helper.make_node("Reshape", ["sum", "shape"], ["flat"]),
                helper.make_node("Sigmoid", ["flat"], ["probability"]),
            ]
        ).SerializeToString(),
    ),
    "a row that depends on the others": (
        "ONNX_OUTPUT_WRONG",
        lambda: replaced(
            [
                helper.make_node("MatMul", ["clipped", "weights"], ["sum"]),
                helper.make_node("Reshape", ["sum", "shape"], ["flat"]),
                helper.make_node("Softmax", ["flat"], ["probability"], axis=0),
            ]
        ),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_file_is_refused_by_name_and_leaves_nothing(case: str, make_spec: MakeSpec, tmp_path: Path) -> None:
    code, make = BAD[case]
    spec = evaluation_of(make_spec(), make(), tmp_path / "import")
    with pytest.raises(TrainerError) as refused:
        imported.run(parse_spec(spec))
    assert refused.value.code == code, refused.value.message
    assert not Path(spec["output"]["uri"]).exists()


def test_a_plain_model_of_another_tool_is_evaluated(make_spec: MakeSpec, tmp_path: Path) -> None:
    spec = evaluation_of(make_spec(), graph().SerializeToString(), tmp_path / "import")
    assert imported.run(parse_spec(spec))["status"] == "ok"


def test_a_file_that_changed_after_the_upload_is_refused(make_spec: MakeSpec, tmp_path: Path) -> None:
    spec = evaluation_of(make_spec(), graph().SerializeToString(), tmp_path / "import")
    Path(spec["imported"]["uri"]).write_bytes(b"other")
    with pytest.raises(TrainerError) as refused:
        imported.run(parse_spec(spec))
    assert refused.value.code == "TRAINING_INPUT_DIGEST_MISMATCH"


def test_a_spec_needs_an_estimator_or_an_imported_model(make_spec: MakeSpec) -> None:
    spec = make_spec()
    del spec["estimator"]
    with pytest.raises(TrainerError, match="estimator"):
        parse_spec(spec)
