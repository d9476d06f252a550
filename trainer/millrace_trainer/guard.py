"""The first step of every model limits the range of numbers. The exported model contains the same step."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

LARGEST = 1e15


class RangeGuard(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Rounds numbers to float32, and replaces infinities and magnitudes above 1e15 with NaN (missing).

    Scoring uses float32, so training on the same rounding puts each value on the same side of a threshold in both. The
    limit prevents overflow in float32 arithmetic. An infinity in a feature is a division by zero, not a measurement.
    """

    def fit(self, X: Any, y: Any = None) -> RangeGuard:
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: Any) -> NDArray[np.float64]:
        values = np.asarray(X, dtype=np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            single = values.astype(np.float32)
            kept = np.abs(single) <= np.float32(LARGEST)
        return np.where(kept, single.astype(np.float64), np.nan)

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        names = [f"x{i}" for i in range(self.n_features_in_)] if input_features is None else input_features
        return np.asarray(names, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
