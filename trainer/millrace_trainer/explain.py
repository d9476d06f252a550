"""
Reason codes by baseline substitution: how much the probability drops when one feature is put at its baseline.

The baseline is the typical good customer: median (mode of a string) of the training rows with label 0. The scoring
engine runs the same method over the exported model; here its fidelity is tested.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .estimator import Estimator
from .guard import RangeGuard
from .monotonic import Column

if TYPE_CHECKING:
    import pandas as pd

METHOD = "baseline_substitution"
REASONS = 4
Floats = NDArray[np.float64]
Predict = Callable[["pd.DataFrame"], Floats]


def baseline_values(estimator: Estimator, good: pd.DataFrame) -> dict[str, float | str | None]:
    """An observed value per feature: lower median of a number, commonest text; None where all are missing."""
    values: dict[str, float | str | None] = {}
    for name in estimator.numeric:
        guarded = RangeGuard().transform(good[[name]].to_numpy())[:, 0]
        known = guarded[~np.isnan(guarded)]
        values[name] = float(np.quantile(known, 0.5, method="lower")) if len(known) else None
    for name in estimator.categorical:
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
    """[rows, features]: probability minus the probability with that feature at its baseline, others kept."""
    before = predict(features)
    after = [predict(at_baseline(features, [name], baseline)) for name in features.columns]
    return before[:, np.newaxis] - np.column_stack(after)


def exact_contributions(
    estimator: Estimator,
    features: pd.DataFrame,
    baseline: dict[str, float | str | None],
    columns: list[Column] | None,
) -> tuple[str, Floats] | None:
    """Contributions in log-odds, summed per feature, where the model has an exact form; with the name of that form."""
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
