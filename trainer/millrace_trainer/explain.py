"""
Reason codes by baseline substitution: how much the probability drops when one feature is set to its baseline.

The baseline is the typical good customer: the median (for a string, the mode) of the training rows with label 0. The
scoring engine applies the same method to the exported model; the trainer uses it to test the fidelity of the reasons.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .estimator import Estimator
from .frame import FeatureInputs
from .guard import RangeGuard
from .monotonic import Column

if TYPE_CHECKING:
    import pandas as pd

METHOD = "baseline_substitution"
REASONS = 4
Floats = NDArray[np.float64]
Predict = Callable[["pd.DataFrame"], Floats]


def baseline_values(inputs: FeatureInputs, good: pd.DataFrame) -> dict[str, float | str | None]:
    """Returns an observed value per feature: lower median or most frequent text, or None if all values are missing."""
    values: dict[str, float | str | None] = {}
    for name in inputs.numeric:
        guarded = RangeGuard().transform(good[[name]].to_numpy())[:, 0]
        known = guarded[~np.isnan(guarded)]
        values[name] = float(np.quantile(known, 0.5, method="lower")) if len(known) else None
    for name in inputs.categorical:
        names, counts = np.unique(good[name].to_numpy(dtype=object).astype(str), return_counts=True)
        values[name] = str(names[np.argmax(counts)]) if len(names) else None
    return values


def at_baseline(features: pd.DataFrame, names: list[str], baseline: dict[str, float | str | None]) -> pd.DataFrame:
    changed: dict[str, Any] = {}
    for name in names:
        is_text = features[name].dtype == object
        missing: float | str = "" if is_text else np.nan
        value = baseline[name]
        changed[name] = np.full(
            len(features), missing if value is None else value, dtype=object if is_text else np.float64
        )
    return features.assign(**changed)


def drops(predict: Predict, features: pd.DataFrame, baseline: dict[str, float | str | None]) -> Floats:
    """Returns [rows, features]: the probability minus the probability with only that feature set to its baseline."""
    before = predict(features)
    after = [predict(at_baseline(features, [name], baseline)) for name in features.columns]
    return before[:, np.newaxis] - np.column_stack(after)


def exact_contributions(
    estimator: Estimator,
    features: pd.DataFrame,
    baseline: dict[str, float | str | None],
    columns: list[Column] | None,
) -> tuple[str, Floats] | None:
    """Returns exact contributions in log-odds, summed per feature, and the name of the method, if the model has one."""
    model = estimator.classifier
    is_lightgbm = type(model).__module__.startswith("lightgbm.")
    if columns is None or not (is_lightgbm or _is_linear(model)):
        return None
    head = estimator.pipeline[:-1]
    prepared = np.asarray(head.transform(features), dtype=np.float64)
    if is_lightgbm:
        name = "LightGBM pred_contrib (TreeSHAP)"
        parts = np.asarray(model.booster_.predict(prepared, pred_contrib=True))[:, :-1]
    else:
        name = "coefficient x (value - baseline)"
        origin = head.transform(at_baseline(features.iloc[:1], list(features.columns), baseline))
        parts = np.ravel(model.coef_) * (prepared - np.asarray(origin, dtype=np.float64))
    summed = np.zeros((len(features), features.shape[1]))
    for index, column in enumerate(columns):
        summed[:, column.feature] += parts[:, index]
    return name, summed


def _is_linear(model: Any) -> bool:
    from sklearn.linear_model import LogisticRegression

    return isinstance(model, LogisticRegression)
