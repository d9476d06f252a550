"""The fitted pipeline as one ONNX file with plain tensors: numeric, categorical → probability."""

from __future__ import annotations

import logging
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import TrainerError
from .estimator import Estimator
from .guard import LARGEST, RangeGuard
from .tree_models import read_trees, tree_classes

if TYPE_CHECKING:
    import pandas as pd

OPSET = {"": 18, "ai.onnx.ml": 3}
PRODUCER = "millrace"
# Some converters of skl2onnx take exponential time; this is far more than any that ends.
LONGEST_SECONDS = 300


def to_onnx(estimator: Estimator) -> bytes:
    """
    Inputs `numeric` float32 [N, n] and `categorical` string [N, m] (each only where there are such features), output
    `probability` float32 [N]. Raises ONNX_PARITY_NOT_PROVED for a model that has no ONNX form.
    """
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import DoubleTensorType, StringTensorType

    _register_converters()
    inputs = []
    if estimator.numeric:
        # Doubles inside: float32 arithmetic after a scaler is not within the bound. _plain makes the input float32.
        inputs.append(("numeric64", DoubleTensorType([None, len(estimator.numeric)])))
    if estimator.categorical:
        inputs.append(("categorical", StringTensorType([None, len(estimator.categorical)])))
    pipeline = estimator.pipeline
    logging.getLogger("skl2onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), _time_limit(LONGEST_SECONDS):
            warnings.simplefilter("ignore")
            model = convert_sklearn(
                pipeline,
                name=PRODUCER,
                initial_types=inputs,
                target_opset=OPSET,
                options={id(pipeline): {"zipmap": False}},
            )
    except TrainerError:
        raise
    except Exception as error:
        raise TrainerError(
            "ONNX_PARITY_NOT_PROVED",
            f"{type(estimator.classifier).__name__} has no ONNX form here: {str(error)[:300]}",
            reason="no converter",
        ) from error
    return _plain(model)


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Raises TimeoutError in the body after so long; outside the main thread, which alone gets signals, never."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(_signal: int, _frame: object) -> None:
        raise TimeoutError(f"the conversion took longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _plain(model: Any) -> bytes:
    """Keeps one output, `probability` [N], removes what no longer leads to it, and fixes the metadata."""
    from onnx import TensorProto, checker, helper, numpy_helper

    graph = model.graph
    both = graph.output[1].name
    column = numpy_helper.from_array(np.array(1, dtype=np.int64), "millrace_class_one")
    graph.initializer.append(column)
    graph.node.append(helper.make_node("Gather", [both, column.name], ["millrace_p"], name="class_one", axis=1))
    graph.node.append(helper.make_node("Cast", ["millrace_p"], ["probability"], name="to_float", to=TensorProto.FLOAT))
    needed = {"probability"}
    kept = []
    for node in reversed(graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    kept.reverse()
    initializers = [i for i in graph.initializer if i.name in needed]
    for repeated, items in ((graph.node, kept), (graph.initializer, initializers)):
        del repeated[:]
        repeated.extend(items)
    for value in graph.input:
        if value.name == "numeric64":
            value.name = "numeric"
            value.type.tensor_type.elem_type = TensorProto.FLOAT
            widen = helper.make_node("Cast", ["numeric"], ["numeric64"], name="widen", to=TensorProto.DOUBLE)
            graph.node.insert(0, widen)
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["N"]))
    graph.name = PRODUCER
    graph.doc_string = model.doc_string = ""
    model.producer_name, model.producer_version, model.domain, model.model_version = PRODUCER, "1", "", 1
    checker.check_model(model)
    data: bytes = model.SerializeToString(deterministic=True)
    return data


def _register_converters() -> None:
    from skl2onnx import update_registered_converter
    from skl2onnx.common.data_types import DoubleTensorType, Int64TensorType

    def guard_shape(operator: Any) -> None:
        columns = operator.inputs[0].get_second_dimension()
        operator.outputs[0].type = DoubleTensorType([None, columns])

    update_registered_converter(RangeGuard, "MillraceRangeGuard", guard_shape, _convert_guard, overwrite=True)
    from sklearn.impute import SimpleImputer

    def imputer_shape(operator: Any) -> None:
        width = len(operator.raw_operator.get_feature_names_out())
        operator.outputs[0].type = DoubleTensorType([None, width])

    update_registered_converter(SimpleImputer, "MillraceImputer", imputer_shape, _convert_imputer, overwrite=True)

    def tree_shape(operator: Any) -> None:
        operator.outputs[0].type = Int64TensorType([None])
        operator.outputs[1].type = DoubleTensorType([None, 2])

    # All of them, wherever they stand: skl2onnx's own reading of tree thresholds in doubles may never end.
    for kind in tree_classes():
        update_registered_converter(
            kind,
            f"Millrace{kind.__name__}",
            tree_shape,
            _convert_trees,
            overwrite=True,
            options={"zipmap": [True, False], "nocl": [True, False]},
        )


def _convert_guard(scope: Any, operator: Any, container: Any) -> None:
    from onnx import TensorProto

    name = scope.get_unique_variable_name
    source = operator.inputs[0].full_name
    narrow, limit, nan = name("narrow"), name("largest"), name("missing")
    _cast(scope, container, source, narrow, TensorProto.FLOAT)
    container.add_initializer(limit, TensorProto.FLOAT, [], [float(np.float32(LARGEST))])
    container.add_initializer(nan, TensorProto.FLOAT, [], [float("nan")])
    size, kept, guarded = name("size"), name("kept"), name("guarded")
    container.add_node("Abs", [narrow], [size], name=scope.get_unique_operator_name("Abs"))
    container.add_node("LessOrEqual", [size, limit], [kept], name=scope.get_unique_operator_name("Kept"), op_version=16)
    container.add_node("Where", [kept, narrow, nan], [guarded], name=scope.get_unique_operator_name("Where"))
    _cast(scope, container, guarded, operator.outputs[0].full_name, TensorProto.DOUBLE)


def _convert_imputer(scope: Any, operator: Any, container: Any) -> None:
    from onnx import TensorProto

    imputer = operator.raw_operator
    statistics = imputer.statistics_.astype(np.float64)
    if not np.isnan(imputer.missing_values) or np.isnan(statistics).any():
        raise NotImplementedError("SimpleImputer with a marker of its own or an empty feature")
    name, unique = scope.get_unique_variable_name, scope.get_unique_operator_name
    source, target = operator.inputs[0].full_name, operator.outputs[0].full_name
    fill, empty, double = name("fill"), name("empty"), name("double")
    filled = name("filled") if imputer.add_indicator else target
    container.add_initializer(fill, TensorProto.DOUBLE, [1, len(statistics)], statistics.tolist())
    _cast(scope, container, source, double, TensorProto.DOUBLE)
    container.add_node("IsNaN", [double], [empty], name=unique("IsNaN"))
    container.add_node("Where", [empty, fill, double], [filled], name=unique("Fill"))
    if imputer.add_indicator:
        marked = imputer.indicator_.features_.tolist()
        which, flags, numbers = name("which"), name("flags"), name("numbers")
        container.add_initializer(which, TensorProto.INT64, [len(marked)], marked)
        container.add_node("Gather", [empty, which], [flags], axis=1, name=unique("Marked"))
        _cast(scope, container, flags, numbers, TensorProto.DOUBLE)
        container.add_node("Concat", [filled, numbers], [target], axis=1, name=unique("WithMarks"))


def _convert_trees(scope: Any, operator: Any, container: Any) -> None:
    from onnx import TensorProto

    ensemble = read_trees(operator.raw_operator)
    if ensemble is None:
        raise NotImplementedError(type(operator.raw_operator).__name__)
    name = scope.get_unique_variable_name
    source, wide = operator.inputs[0].full_name, name("wide")
    if ensemble.single:
        narrow = name("narrow")
        _cast(scope, container, source, narrow, TensorProto.FLOAT)
        source = narrow
    _cast(scope, container, source, wide, TensorProto.DOUBLE)
    raw, raw64, positive, negative, one = (name(n) for n in ("raw", "raw64", "positive", "negative", "one"))
    container.add_node(
        "TreeEnsembleRegressor",
        [wide],
        [raw],
        op_domain="ai.onnx.ml",
        op_version=3,
        name=scope.get_unique_operator_name("Trees"),
        **ensemble.attributes(),
    )
    _cast(scope, container, raw, raw64, TensorProto.DOUBLE)
    if ensemble.logistic:
        container.add_node("Sigmoid", [raw64], [positive], name=scope.get_unique_operator_name("Sigmoid"))
    else:
        container.add_node("Identity", [raw64], [positive], name=scope.get_unique_operator_name("Mean"))
    container.add_initializer(one, TensorProto.DOUBLE, [], [1.0])
    container.add_node("Sub", [one, positive], [negative], name=scope.get_unique_operator_name("Sub"))
    container.add_node(
        "Concat",
        [negative, positive],
        [operator.outputs[1].full_name],
        axis=1,
        name=scope.get_unique_operator_name("Both"),
    )
    container.add_node(
        "ArgMax",
        [operator.outputs[1].full_name],
        [operator.outputs[0].full_name],
        axis=1,
        keepdims=0,
        name=scope.get_unique_operator_name("Label"),
    )


def _cast(scope: Any, container: Any, source: str, target: str, to: int) -> None:
    container.add_node("Cast", [source], [target], to=to, name=scope.get_unique_operator_name("Cast"))


class OnnxModel:
    """Runs the exported file as the platform's engine does: one thread, so that sums have one order."""

    def __init__(self, data: bytes, estimator: Estimator) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            # ONNX Runtime's errors share no base class; each of them means that the file is of no use.
            raise TrainerError(
                "ONNX_PARITY_NOT_PROVED",
                f"ONNX Runtime refuses the exported {type(estimator.classifier).__name__}: {str(error)[:300]}",
                reason="not loadable",
            ) from error
        self._numeric = estimator.numeric
        self._categorical = estimator.categorical

    def predict(self, features: pd.DataFrame) -> NDArray[np.float64]:
        feeds: dict[str, Any] = {}
        with np.errstate(over="ignore"):
            if self._numeric:
                feeds["numeric"] = features[self._numeric].to_numpy(dtype=np.float64).astype(np.float32)
        if self._categorical:
            feeds["categorical"] = features[self._categorical].to_numpy(dtype=object).astype(str).astype(object)
        (probability,) = self._session.run(["probability"], feeds)
        return np.asarray(probability, dtype=np.float64)
