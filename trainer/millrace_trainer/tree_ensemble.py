"""
Trees as an ONNX ensemble in double precision. Thresholds and leaves equal the model's, bit for bit.

With float32 thresholds, a value between a threshold and its rounding would reach a different leaf.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import TrainerError


def refuse(what: str) -> TrainerError:
    return TrainerError("ONNX_PARITY_NOT_PROVED", f"A model with {what} cannot be exported to ONNX.", reason=what)


@dataclass(frozen=True)
class Tree:
    """
    Arrays over the nodes, starting with the root. A row goes left if its value is at most the threshold, or if the
    value is missing and `missing_left` is true. Only leaves use `weight`, and only inner nodes use the other arrays.
    """

    is_leaf: NDArray[np.bool_]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    missing_left: NDArray[np.bool_]
    weight: NDArray[np.float64]


@dataclass
class Ensemble:
    """
    The result is the sum of all reached leaves and `base`. With `logistic`, the probability is the sigmoid of that sum;
    otherwise it is the sum. `single` means that the model reads its inputs as float32.
    """

    logistic: bool
    base: float = 0.0
    single: bool = False
    trees: list[Tree] = field(default_factory=list)

    def attributes(self) -> dict[str, Any]:
        """Attributes of the operator TreeEnsembleRegressor of ai.onnx.ml, version 3."""
        from onnx.numpy_helper import from_array

        def column(of: Any, at_leaf: Any) -> Any:
            return np.concatenate([np.where(tree.is_leaf, at_leaf, of(tree)) for tree in self.trees])

        ids = np.concatenate([np.full(len(tree.is_leaf), index) for index, tree in enumerate(self.trees)])
        nodes = np.concatenate([np.arange(len(tree.is_leaf)) for tree in self.trees])
        leaf = np.concatenate([tree.is_leaf for tree in self.trees])
        weights = np.concatenate([tree.weight[tree.is_leaf] for tree in self.trees])
        return {
            "n_targets": 1,
            "aggregate_function": "SUM",
            "post_transform": "NONE",
            "nodes_treeids": ids.tolist(),
            "nodes_nodeids": nodes.tolist(),
            "nodes_featureids": column(lambda t: t.feature, 0).tolist(),
            "nodes_values_as_tensor": from_array(column(lambda t: t.threshold, 0.0), "nodes_values"),
            "nodes_modes": np.where(leaf, "LEAF", "BRANCH_LEQ").tolist(),
            "nodes_truenodeids": column(lambda t: t.left, 0).tolist(),
            "nodes_falsenodeids": column(lambda t: t.right, 0).tolist(),
            "nodes_missing_value_tracks_true": column(lambda t: t.missing_left, False).astype(int).tolist(),
            "target_treeids": ids[leaf].tolist(),
            "target_nodeids": nodes[leaf].tolist(),
            "target_ids": [0] * int(leaf.sum()),
            "target_weights_as_tensor": from_array(weights, "target_weights"),
            "base_values_as_tensor": from_array(np.array([self.base], dtype=np.float64), "base_values"),
        }
