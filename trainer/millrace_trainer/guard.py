"""First step of every model: what counts as a number. The exported model holds the same rule."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

LARGEST = 1e15


class RangeGuard(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Reads numbers as float32, as every engine gets them, and makes infinities and magnitudes above 1e15 missing (NaN).

    Training on the same rounding that scoring sees keeps a threshold from parting two engines; the limit keeps
    float32 arithmetic from overflowing. An infinity in a feature is a division by zero, not a measurement.
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
