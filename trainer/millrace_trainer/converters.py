"""
Converters that the trainer registers with skl2onnx: for the range guard, the imputer and all tree models.

They use double precision, so that the exported model computes what scikit-learn and LightGBM compute.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .guard import LARGEST, RangeGuard
from .tree_models import read_trees, tree_classes


def register_converters() -> None:
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

    # Replace the converter of every tree class: skl2onnx's own handling of double thresholds can loop forever.
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
