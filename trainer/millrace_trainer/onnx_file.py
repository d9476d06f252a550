"""Checks an ONNX file from elsewhere before anything runs it: format, weights, operators, inputs and output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .errors import TrainerError
from .frame import FeatureInputs

# The newest operator sets that every engine of the platform knows.
NEWEST_SET = {"": 21, "ai.onnx": 21, "ai.onnx.ml": 5}
# The same row would score differently from one run to the next.
RANDOM = frozenset(
    {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}
)
OUTPUT = "probability"


def check_onnx_file(data: bytes, inputs: FeatureInputs) -> None:
    """Raises ONNX_NOT_A_MODEL, ONNX_EXTERNAL_DATA, ONNX_OPERATOR_NOT_ALLOWED or ONNX_INPUTS_WRONG."""
    from onnx import checker, load_model_from_string

    try:
        model = load_model_from_string(data)
    except Exception as error:
        # The parser of protobuf raises errors of several packages.
        raise TrainerError("ONNX_NOT_A_MODEL", f"The file is not ONNX: {str(error)[:200]}") from error
    if not model.graph.node:
        raise TrainerError("ONNX_NOT_A_MODEL", "The file holds no ONNX graph.")
    _check_weights(model)
    _check_operators(model)
    _check_places(model.graph, inputs)
    try:
        checker.check_model(model)
    except Exception as error:
        raise TrainerError("ONNX_NOT_A_MODEL", f"The ONNX graph is not valid: {str(error)[:300]}") from error


def _bodies(model: Any) -> Iterator[Any]:
    """The graph, all graphs inside its nodes, and the model's own functions."""
    waiting = [model.graph, *model.functions]
    while waiting:
        body = waiting.pop()
        yield body
        for node in body.node:
            for attribute in node.attribute:
                waiting += [attribute.g] if attribute.HasField("g") else []
                waiting += attribute.graphs


def _tensors(body: Any) -> Iterator[Any]:
    yield from getattr(body, "initializer", ())
    for sparse in getattr(body, "sparse_initializer", ()):
        yield from (sparse.values, sparse.indices)
    for node in body.node:
        for attribute in node.attribute:
            yield from [attribute.t] if attribute.HasField("t") else []
            yield from attribute.tensors
            for sparse in [attribute.sparse_tensor, *attribute.sparse_tensors]:
                yield from (sparse.values, sparse.indices)


def _check_weights(model: Any) -> None:
    from onnx import TensorProto

    for body in _bodies(model):
        for tensor in _tensors(body):
            if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
                raise TrainerError(
                    "ONNX_EXTERNAL_DATA",
                    f"The weights of {tensor.name or 'a tensor'} are in another file.",
                    tensor=tensor.name,
                )


def _check_operators(model: Any) -> None:
    for opset in model.opset_import:
        newest = NEWEST_SET.get(opset.domain)
        if newest is not None and opset.version > newest:
            raise TrainerError(
                "ONNX_OPERATOR_NOT_ALLOWED",
                f"The file uses operator set {opset.version} of {opset.domain or 'ai.onnx'}; the newest is {newest}.",
            )
    for body in _bodies(model):
        for node in body.node:
            name = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
            if node.domain not in NEWEST_SET:
                raise TrainerError(
                    "ONNX_OPERATOR_NOT_ALLOWED", f"The operator {name} is not a standard one.", operator=name
                )
            if node.op_type in RANDOM:
                raise TrainerError(
                    "ONNX_OPERATOR_NOT_ALLOWED", f"The operator {name} draws random numbers.", operator=name
                )


def _check_places(graph: Any, inputs: FeatureInputs) -> None:
    from onnx import TensorProto

    weights = {tensor.name for tensor in graph.initializer}
    found = {value.name: value for value in graph.input if value.name not in weights}
    expected = {
        "numeric": (len(inputs.numeric), TensorProto.FLOAT),
        "categorical": (len(inputs.categorical), TensorProto.STRING),
    }
    wanted = {name: place for name, place in expected.items() if place[0]}
    if set(found) != set(wanted):
        raise TrainerError(
            "ONNX_INPUTS_WRONG", f"The model has the inputs {_listed(found)}; the features need {_listed(wanted)}."
        )
    for name, (columns, kind) in wanted.items():
        _check_shape(found[name], kind, [None, columns])
    if [value.name for value in graph.output] != [OUTPUT]:
        names = _listed({value.name: value for value in graph.output})
        raise TrainerError("ONNX_INPUTS_WRONG", f"The model has the outputs {names}; it must have {OUTPUT} alone.")
    _check_shape(graph.output[0], TensorProto.FLOAT, [None])


def _check_shape(value: Any, kind: int, shape: list[int | None]) -> None:
    """None stands for the number of rows, which must not be fixed."""
    from onnx import TensorProto

    tensor = value.type.tensor_type
    found = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    fits = tensor.HasField("shape") and len(found) == len(shape) and found[0] is None
    # A number of columns that is not given is checked when the model runs.
    if tensor.elem_type == kind and fits and all(f in (None, s) for f, s in zip(found[1:], shape[1:], strict=True)):
        return
    text = ", ".join("N" if n is None else str(n) for n in shape)
    got = ", ".join("N" if n is None else str(n) for n in found)
    raise TrainerError(
        "ONNX_INPUTS_WRONG",
        f"{value.name} must be {TensorProto.DataType.Name(kind).lower()} [{text}]; it is "
        f"{TensorProto.DataType.Name(tensor.elem_type).lower()} [{got}].",
        place=value.name,
    )


def _listed(names: dict[str, Any]) -> str:
    return ", ".join(sorted(names)) or "none"
