"""
Trees as an ONNX ensemble in double precision: thresholds and leaves are the model's own, bit for bit.

Converters that write float32 thresholds send a row to the other leaf when it lies between a threshold and its rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .errors import TrainerError

_COLUMNS = (
    "nodes_treeids",
    "nodes_nodeids",
    "nodes_featureids",
    "nodes_values",
    "nodes_modes",
    "nodes_truenodeids",
    "nodes_falsenodeids",
    "nodes_missing_value_tracks_true",
    "target_treeids",
    "target_nodeids",
    "target_weights",
)


def refuse(what: str) -> TrainerError:
    return TrainerError("ONNX_PARITY_NOT_PROVED", f"A model with {what} cannot be exported to ONNX.", reason=what)


@dataclass
class Ensemble:
    """
    The sum of all leaves reached, plus `base`. With `logistic` the probability is the sigmoid of that sum, without it
    the sum itself. `single`: the model reads its inputs as float32.
    """

    logistic: bool
    base: float = 0.0
    single: bool = False
    trees: int = 0
    _columns: dict[str, list[Any]] = field(default_factory=lambda: {k: [] for k in _COLUMNS})

    def start_tree(self) -> None:
        self.trees += 1

    def split(self, node: int, feature: int, threshold: float, left: int, right: int, missing_left: bool) -> None:
        """Node of the current tree: a row goes left when its value is at most the threshold, or missing as said."""
        self._node(node, feature, threshold, "BRANCH_LEQ", left, right, missing_left)

    def leaf(self, node: int, weight: float) -> None:
        self._node(node, 0, 0.0, "LEAF", 0, 0, False)
        for key, value in (
            ("target_treeids", self.trees - 1),
            ("target_nodeids", node),
            ("target_weights", weight),
        ):
            self._columns[key].append(value)

    def _node(self, node: int, feature: int, value: float, mode: str, yes: int, no: int, missing: bool) -> None:
        entry = (self.trees - 1, node, feature, value, mode, yes, no, int(missing))
        for key, item in zip(_COLUMNS, entry, strict=False):
            self._columns[key].append(item)

    def attributes(self) -> dict[str, Any]:
        """Attributes of ai.onnx.ml TreeEnsembleRegressor version 3."""
        from onnx.numpy_helper import from_array

        columns = dict(self._columns)
        values = np.array(columns.pop("nodes_values"), dtype=np.float64)
        weights = np.array(columns.pop("target_weights"), dtype=np.float64)
        return {
            **columns,
            "n_targets": 1,
            "aggregate_function": "SUM",
            "post_transform": "NONE",
            "nodes_values_as_tensor": from_array(values, "nodes_values"),
            "target_weights_as_tensor": from_array(weights, "target_weights"),
            "target_ids": [0] * len(weights),
            "base_values_as_tensor": from_array(np.array([self.base], dtype=np.float64), "base_values"),
        }
