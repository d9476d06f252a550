"""Proves that the exported file gives the same probabilities as the trained pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import TrainerError
from .estimator import Estimator
from .export import OnnxModel
from .frame import FeatureInputs

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-5
_MOST_BASE_ROWS = 40
_MOST_CELLS = 20_000_000
_EXTREMES = (np.nan, np.inf, -np.inf, 0.0, -1.0, 1e15, -1e15, 1e16, -3e38, 1e300)
_STRANGE = ("", "\u2603 never seen", "NaN", "0")


def hard_rows(inputs: FeatureInputs, held_out: pd.DataFrame) -> pd.DataFrame:
    """Returns held-out rows with a missing, extreme or unseen value in one feature, and rows with no known value."""
    import pandas as pd

    cells = len(_EXTREMES) * held_out.shape[1] ** 2
    count = min(int(np.clip(_MOST_CELLS // cells, 2, _MOST_BASE_ROWS)), len(held_out))
    base = held_out.iloc[np.linspace(0, len(held_out) - 1, count).astype(int)]
    made = []
    for name in inputs.numeric:
        made += [base.assign(**{name: np.full(len(base), value)}) for value in _EXTREMES]
    for name in inputs.categorical:
        made += [base.assign(**{name: np.full(len(base), text, dtype=object)}) for text in _STRANGE]
    for value in _EXTREMES:
        made.append(base.assign(**{name: np.full(len(base), value) for name in inputs.numeric}))
    nothing: dict[str, Any] = {name: np.full(len(base), np.nan) for name in inputs.numeric}
    nothing |= {name: np.full(len(base), "", dtype=object) for name in inputs.categorical}
    made.append(base.assign(**nothing))
    return pd.concat(made, ignore_index=True)


def prove_parity(estimator: Estimator, onnx: OnnxModel, held_out: pd.DataFrame) -> dict[str, Any]:
    """Compares all held-out rows and the hard rows. Raises ONNX_PARITY_NOT_PROVED above 1e-5 or for NaN."""
    result: dict[str, Any] = {"tolerance": TOLERANCE}
    worst, rows = 0.0, 0
    for kind, frame in (("held_out", held_out), ("hard", hard_rows(estimator, held_out))):
        try:
            native = estimator.predict(frame)
        except ValueError as error:
            raise TrainerError(
                "ONNX_PARITY_NOT_PROVED",
                f"The trained model refuses {kind} rows, so nothing can be compared: {str(error)[:200]}",
                reason="native model refuses",
            ) from error
        difference = np.abs(native - onnx.predict(frame))
        if np.isnan(difference).any() or difference.max() > TOLERANCE:
            beyond = int(np.sum(~(difference <= TOLERANCE)))
            largest = float(np.nanmax(difference)) if not np.isnan(difference).all() else None
            raise TrainerError(
                "ONNX_PARITY_NOT_PROVED",
                f"{beyond} of {len(frame)} {kind} rows differ by more than {TOLERANCE:g}; the largest difference is "
                f"{'not a number' if largest is None else format(largest, '.3g')}.",
                rows=beyond,
                max_abs_diff=largest,
                kind=kind,
            )
        result[f"{kind}_rows"] = len(frame)
        worst, rows = max(worst, float(difference.max())), rows + len(frame)
    return {"max_abs_diff": worst, "rows": rows, **result}
