"""Monotonic constraints: which classifiers support them, and which columns they apply to."""

from __future__ import annotations

from typing import Any, NamedTuple

from .spec import Feature

_PARAMS = ("monotone_constraints", "monotonic_cst")
_SIGN = {"increasing": 1, "decreasing": -1}
_INDICATOR = "missingindicator_"


class Column(NamedTuple):
    """A column of the classifier's input: the index of its feature, and whether it increases with the feature."""

    feature: int
    is_value: bool


def support(classifier: Any, joint: list[tuple[str, Any]]) -> tuple[str | None, str]:
    """Returns the classifier's parameter for constraints, or None and the reason why it does not support them."""
    if joint:
        return None, f"{type(joint[0][1]).__name__} mixes features before the classifier"
    known = set(type(classifier)._get_param_names())
    if type(classifier).__module__.startswith("lightgbm."):
        known.add("monotone_constraints")
    for name in _PARAMS:
        if name in known:
            return name, ""
    return None, f"{type(classifier).__name__} takes no monotonic constraints"


def origins(pipeline: Any) -> list[Column] | None:
    """Returns the columns of the fitted classifier's input, or None if an earlier step combines features."""
    if len(pipeline.steps) > 2:
        return None
    result: list[Column] = []
    for name, part, places in pipeline.steps[0][1].transformers_:
        if name in ("numeric", "categorical"):
            columns = (_numbers if name == "numeric" else _strings)(part, places)
            if columns is None:
                return None
            result += columns
    return result


def _numbers(part: Any, places: list[int]) -> list[Column] | None:
    """
    A transformer that preserves the names of its columns preserves the columns. An imputer may add indicators of
    missing values.
    """
    names = {f"x{place}": place for place in places}
    try:
        out = [str(name) for name in part.get_feature_names_out(list(names))]
    except AttributeError:
        return None
    if any(name.removeprefix(_INDICATOR) not in names for name in out):
        return None
    return [Column(names[name.removeprefix(_INDICATOR)], name in names) for name in out]


def _strings(part: Any, places: list[int]) -> list[Column] | None:
    if len(part.steps) != 1:
        return None
    encoder = part.steps[0][1]
    kind = type(encoder).__name__
    if kind == "OneHotEncoder":
        widths = [int(width) for width in encoder._n_features_outs]
        return [Column(place, False) for place, width in zip(places, widths, strict=True) for _ in range(width)]
    return [Column(place, False) for place in places] if kind in ("OrdinalEncoder", "TargetEncoder") else None


def constraints(features: tuple[Feature, ...], columns: list[Column]) -> list[int]:
    """Returns 1, -1 or 0 for each column of the classifier's input."""
    return [_SIGN.get(features[c.feature].monotonic or "", 0) if c.is_value else 0 for c in columns]
