"""Reads the trees of LightGBM and of scikit-learn's tree models into an Ensemble."""

from __future__ import annotations

from typing import Any

import numpy as np

from .tree_ensemble import Ensemble, refuse

_DEFAULT_LEFT = 2
_SKLEARN_AVERAGED = (
    "DecisionTreeClassifier",
    "ExtraTreeClassifier",
    "RandomForestClassifier",
    "ExtraTreesClassifier",
)


def read_trees(model: Any) -> Ensemble | None:
    """The fitted model's trees; None for a model that is none of these. Binary classifiers only."""
    name = type(model).__name__
    package = type(model).__module__.split(".")[0]
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


def _fields(block: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in block.strip().splitlines())
    return {key: value for key, equals, value in pairs if equals}


def _lightgbm(model: Any) -> Ensemble:
    head, _, rest = str(model.booster_.model_to_string()).partition("\n\n")
    objective = _fields(head).get("objective", "unknown")
    if not {"binary", "sigmoid:1"} <= set(objective.split()):
        raise refuse(f"LightGBM's objective {objective}")
    blocks = [b for b in rest.split("\n\n") if b.lstrip().startswith("Tree=")]
    # Random-forest boosting averages its trees.
    scale = 1.0 / max(len(blocks), 1) if "average_output" in head.splitlines() else 1.0
    ensemble = Ensemble(logistic=True)
    for block in blocks:
        _lightgbm_tree(ensemble, _fields(block), scale)
    return ensemble


def _lightgbm_tree(ensemble: Ensemble, tree: dict[str, str], scale: float) -> None:
    """Inner node i keeps its number; leaf j becomes node (inner nodes + j)."""
    if tree.get("num_cat", "0") != "0":
        raise refuse("LightGBM's own categorical splits")
    if tree.get("is_linear", "0") != "0":
        raise refuse("LightGBM's linear trees")
    inner = int(tree["num_leaves"]) - 1
    ensemble.start_tree()
    if inner > 0:
        keys = ("split_feature", "threshold", "decision_type", "left_child", "right_child")
        for node, (feature, threshold, decision, left, right) in enumerate(
            zip(*(tree[k].split() for k in keys), strict=True)
        ):
            missing_type = (int(decision) >> 2) & 3
            if missing_type == 1:
                raise refuse("zeros read as missing")
            # Missing type 0: the feature never was missing in training, and LightGBM reads NaN as zero.
            goes_left = float(threshold) >= 0.0 if missing_type == 0 else bool(int(decision) & _DEFAULT_LEFT)
            yes, no = (c if c >= 0 else inner - c - 1 for c in (int(left), int(right)))
            ensemble.split(node, int(feature), float(threshold), yes, no, goes_left)
    for index, value in enumerate(tree["leaf_value"].split()):
        ensemble.leaf(inner + index, float(value) * scale)


def _sklearn_tree(ensemble: Ensemble, tree: Any, leaf_values: Any) -> None:
    ensemble.start_tree()
    for node in range(tree.node_count):
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left == right:
            ensemble.leaf(node, float(leaf_values[node]))
        else:
            missing_left = bool(tree.missing_go_to_left[node])
            ensemble.split(node, int(tree.feature[node]), float(tree.threshold[node]), left, right, missing_left)


def _averaged(model: Any) -> Ensemble:
    members = getattr(model, "estimators_", None) or [model]
    ensemble = Ensemble(logistic=False, single=True)
    for member in members:
        counts = member.tree_.value[:, 0, :]
        _sklearn_tree(ensemble, member.tree_, counts[:, 1] / counts.sum(axis=1) / len(members))
    return ensemble


def _gradient_boosting(model: Any) -> Ensemble:
    if model.loss != "log_loss":
        raise refuse(f"GradientBoostingClassifier's loss {model.loss}")
    if model.init is not None and model.init != "zero":
        raise refuse("an initial estimator of its own")
    start = model._raw_predict_init(np.zeros((1, model.n_features_in_), dtype=np.float32))
    ensemble = Ensemble(logistic=True, base=float(start[0, 0]), single=True)
    for (member,) in model.estimators_:
        _sklearn_tree(ensemble, member.tree_, member.tree_.value[:, 0, 0] * model.learning_rate)
    return ensemble


def _hist_gradient_boosting(model: Any) -> Ensemble:
    ensemble = Ensemble(logistic=True, base=float(np.ravel(model._baseline_prediction)[0]))
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        if nodes["is_categorical"].any():
            raise refuse("HistGradientBoostingClassifier's own categorical splits")
        ensemble.start_tree()
        for index, node in enumerate(nodes):
            if node["is_leaf"]:
                ensemble.leaf(index, float(node["value"]))
            else:
                left, right = int(node["left"]), int(node["right"])
                missing_left = bool(node["missing_go_to_left"])
                ensemble.split(index, int(node["feature_idx"]), float(node["num_threshold"]), left, right, missing_left)
    return ensemble
