"""Reads the trees of LightGBM and of scikit-learn's tree models into an Ensemble."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tree_ensemble import Ensemble, Tree, refuse

_SKLEARN_AVERAGED = ("DecisionTreeClassifier", "ExtraTreeClassifier", "RandomForestClassifier", "ExtraTreesClassifier")
_SKLEARN_BOOSTED = ("GradientBoostingClassifier", "HistGradientBoostingClassifier")


def read_trees(model: Any) -> Ensemble | None:
    """Returns the trees of a fitted binary classifier, or None for a model of another class."""
    name = type(model).__name__
    package = type(model).__module__.split(".", maxsplit=1)[0]
    if package == "lightgbm" and name == "LGBMClassifier":
        return _lightgbm(model)
    if package != "sklearn":
        return None
    if name in _SKLEARN_AVERAGED:
        return _averaged(model)
    if name == "GradientBoostingClassifier":
        return _gradient_boosting(model)
    if name == "HistGradientBoostingClassifier":
        return _hist_gradient_boosting(model)
    return None


def tree_classes() -> list[type[Any]]:
    """Returns every class that read_trees supports, if its package is in use."""
    from sklearn import ensemble, tree

    found = [getattr(ensemble, name, None) or getattr(tree, name) for name in (*_SKLEARN_AVERAGED, *_SKLEARN_BOOSTED)]
    lightgbm = sys.modules.get("lightgbm")
    return found if lightgbm is None else [*found, lightgbm.LGBMClassifier]


def _fields(block: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in block.strip().splitlines())
    return {key: value for key, equals, value in pairs if equals}


def _lightgbm(model: Any) -> Ensemble:
    head, _, rest = str(model.booster_.model_to_string()).partition("\n\n")
    objective = _fields(head).get("objective", "unknown")
    if not {"binary", "sigmoid:1"} <= set(objective.split()):
        raise refuse(f"LightGBM's objective {objective}")
    blocks = [b for b in rest.split("\n\n") if b.lstrip().startswith("Tree=")]
    # The boosting type `rf` (random forest) averages its trees.
    scale = 1.0 / max(len(blocks), 1) if "average_output" in head.splitlines() else 1.0
    return Ensemble(logistic=True, trees=[_lightgbm_tree(_fields(block), scale) for block in blocks])


def _lightgbm_tree(tree: dict[str, str], scale: float) -> Tree:
    """Inner nodes keep their indices, and the leaves come after them."""
    if tree.get("num_cat", "0") != "0":
        raise refuse("LightGBM's own categorical splits")
    if tree.get("is_linear", "0") != "0":
        raise refuse("LightGBM's linear trees")

    def numbers(key: str, kind: type) -> NDArray[Any]:
        return np.array(tree.get(key, "").split(), dtype=kind) if inner else np.zeros(0, dtype=kind)

    leaves = np.array(tree["leaf_value"].split(), dtype=np.float64) * scale
    inner = len(leaves) - 1
    decision, threshold = numbers("decision_type", np.int64), numbers("threshold", np.float64)
    missing_type = (decision >> 2) & 3
    if (missing_type == 1).any():
        raise refuse("zeros read as missing")
    # Missing type 0: the feature was never missing in training, so LightGBM treats NaN as zero.
    missing_left = np.where(missing_type == 0, threshold >= 0, (decision & 2) > 0)
    left, right = numbers("left_child", np.int64), numbers("right_child", np.int64)

    def padded(values: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([values, np.zeros(len(leaves), dtype=values.dtype)])

    return Tree(
        is_leaf=np.arange(inner + len(leaves)) >= inner,
        feature=padded(numbers("split_feature", np.int64)),
        threshold=padded(threshold),
        left=padded(np.where(left >= 0, left, inner - left - 1)),
        right=padded(np.where(right >= 0, right, inner - right - 1)),
        missing_left=padded(missing_left),
        weight=np.concatenate([np.zeros(inner), leaves]),
    )


def _sklearn_tree(tree: Any, weight: NDArray[np.float64]) -> Tree:
    return Tree(
        is_leaf=tree.children_left == tree.children_right,
        feature=tree.feature,
        threshold=tree.threshold,
        left=tree.children_left,
        right=tree.children_right,
        missing_left=tree.missing_go_to_left.astype(np.bool_),
        weight=weight,
    )


def _averaged(model: Any) -> Ensemble:
    members = getattr(model, "estimators_", None) or [model]
    trees = []
    for member in members:
        counts = member.tree_.value[:, 0, :]
        trees.append(_sklearn_tree(member.tree_, counts[:, 1] / counts.sum(axis=1) / len(members)))
    return Ensemble(logistic=False, single=True, trees=trees)


def _gradient_boosting(model: Any) -> Ensemble:
    if model.loss != "log_loss":
        raise refuse(f"GradientBoostingClassifier's loss {model.loss}")
    if model.init is not None and model.init != "zero":
        raise refuse("an initial estimator of its own")
    start = model._raw_predict_init(np.zeros((1, model.n_features_in_), dtype=np.float32))
    members = [member.tree_ for (member,) in model.estimators_]
    trees = [_sklearn_tree(tree, tree.value[:, 0, 0] * model.learning_rate) for tree in members]
    return Ensemble(logistic=True, base=float(start[0, 0]), single=True, trees=trees)


def _hist_gradient_boosting(model: Any) -> Ensemble:
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        if nodes["is_categorical"].any():
            raise refuse("HistGradientBoostingClassifier's own categorical splits")
        trees.append(
            Tree(
                is_leaf=nodes["is_leaf"].astype(np.bool_),
                feature=nodes["feature_idx"],
                threshold=nodes["num_threshold"],
                left=nodes["left"].astype(np.int64),
                right=nodes["right"].astype(np.int64),
                missing_left=nodes["missing_go_to_left"].astype(np.bool_),
                weight=nodes["value"],
            )
        )
    return Ensemble(logistic=True, base=float(np.ravel(model._baseline_prediction)[0]), trees=trees)
