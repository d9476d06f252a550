"""Exports the fitted pipeline as one ONNX file with plain tensors: numeric, categorical → probability."""

from __future__ import annotations

import logging
import re
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .converters import register_converters
from .errors import TrainerError
from .estimator import Estimator
from .frame import FeatureInputs

if TYPE_CHECKING:
    import pandas as pd

OPSET = {"": 18, "ai.onnx.ml": 3}
PRODUCER = "millrace"
# Some converters of skl2onnx take exponential time. Every other conversion ends far below this limit.
LONGEST_SECONDS = 300


def to_onnx(estimator: Estimator) -> bytes:
    """
    Inputs: `numeric` float32 [N, n] and `categorical` string [N, m], each only if there are such features. Output:
    `probability` float32 [N]. Raises ONNX_PARITY_NOT_PROVED if the model cannot be converted to ONNX.
    """
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import DoubleTensorType, StringTensorType

    register_converters()
    inputs = []
    if estimator.numeric:
        # Compute in doubles: float32 arithmetic after a scaler exceeds the tolerance. _plain makes the input float32.
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
        raise TrainerError("ONNX_PARITY_NOT_PROVED", _no_form(estimator, str(error)), reason="no converter") from error
    return _plain(model)


def _no_form(estimator: Estimator, error: str) -> str:
    """Names all steps, since the converter does not say which one it means, and no categories, which are values."""
    if "Infrequent categories" in error:
        return (
            "OneHotEncoder has no ONNX form here for categories that min_frequency or max_categories put together. "
            "Leave them out, and group rare values in the query."
        )
    *before, last = [type(step).__name__ for _, step in estimator.pipeline.steps]
    steps = f"{last} after {', '.join(before)}" if before else last
    reason = re.sub(r"\[[^]]*]", "[…]", error)[:300]
    return f"The pipeline of {steps} has no ONNX form here: {reason}"


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Raises TimeoutError in the body after `seconds`. No-op outside the main thread, since it relies on a signal."""
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
    """Keeps one output, `probability` [N], removes the nodes that it does not need, and sets fixed metadata."""
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


class OnnxModel:
    """Runs the exported file as the platform's engine does: on one thread, so that the order of sums is fixed."""

    def __init__(
        self, data: bytes, inputs: FeatureInputs, name: str = "the model", refusal: str = "ONNX_PARITY_NOT_PROVED"
    ) -> None:
        """Raises `refusal` if ONNX Runtime does not load the file; `name` names the model in the message."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            # ONNX Runtime's errors have no common base class, and each of them means that the file cannot be used.
            raise TrainerError(
                refusal,
                f"ONNX Runtime refuses {name}: {str(error)[:300]}",
                reason="not loadable",
            ) from error
        self._name, self._refusal = name, refusal
        self._numeric = inputs.numeric
        self._categorical = inputs.categorical

    def predict(self, features: pd.DataFrame) -> NDArray[np.float64]:
        feeds: dict[str, Any] = {}
        with np.errstate(over="ignore"):
            if self._numeric:
                feeds["numeric"] = features[self._numeric].to_numpy(dtype=np.float64).astype(np.float32)
        if self._categorical:
            feeds["categorical"] = features[self._categorical].to_numpy(dtype=object).astype(str).astype(object)
        try:
            (probability,) = self._session.run(["probability"], feeds)
        except Exception as error:
            # As above; the texts of the runtime name nodes and shapes of the graph.
            raise TrainerError(
                self._refusal, f"ONNX Runtime fails in {self._name}: {str(error)[:300]}", reason="does not run"
            ) from error
        return np.asarray(probability, dtype=np.float64)
