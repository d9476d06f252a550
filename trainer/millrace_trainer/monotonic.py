"""Monotonic constraints: which classifiers can keep them, and the columns they fall on."""

from __future__ import annotations

from typing import Any

from .spec import Feature

_PARAMS = ("monotone_constraints", "monotonic_cst")
_SIGN = {"increasing": 1, "decreasing": -1}


def support(classifier: Any, features: tuple[Feature, ...], joint: list[tuple[str, Any]]) -> tuple[str | None, str]:
    """The classifier's parameter for constraints, or None and why they cannot be kept."""
    if joint:
        return None, f"{type(joint[0][1]).__name__} mixes features before the classifier"
    known = set(type(classifier)._get_param_names())
    if type(classifier).__module__.startswith("lightgbm."):
        known.add("monotone_constraints")
    for name in _PARAMS:
        if name in known:
            return name, ""
    return None, f"{type(classifier).__name__} takes no monotonic constraints"


def origins(pipeline: Any) -> list[int] | None:
    """For each column that reaches the fitted pipeline's classifier, its feature's index; None where they were mixed."""
    if len(pipeline.steps) > 2:
        return None
    result: list[int] = []
    for name, part, columns in pipeline.steps[0][1].transformers_:
        if name == "numeric":
            names = [str(column) for column in columns]
            if list(part.get_feature_names_out(names)) != names:
                return None
            result += columns
        elif name == "categorical":
            widths = _widths(part, len(columns))
            if widths is None:
                return None
            for column, width in zip(columns, widths, strict=True):
                result += [column] * width
    return result


def _widths(part: Any, columns: int) -> list[int] | None:
    """Columns that each string became; None where one encoder follows another."""
    if len(part.steps) != 1:
        return None
    encoder = part.steps[0][1]
    kind = type(encoder).__name__
    if kind == "OneHotEncoder":
        return [int(width) for width in encoder._n_features_outs]
    return [1] * columns if kind in ("OrdinalEncoder", "TargetEncoder") else None


def constraints(features: tuple[Feature, ...], columns: list[int]) -> list[int]:
    """1, -1 or 0 for each column that reaches the classifier."""
    return [_SIGN.get(features[index].monotonic or "", 0) for index in columns]
