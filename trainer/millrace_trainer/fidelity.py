"""Tests whether the reason codes agree with exact contributions, and whether removing the reasons lowers the score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .estimator import Estimator
from .explain import REASONS, Floats, Predict, at_baseline, drops, exact_contributions
from .monotonic import origins

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 400
_RANDOM_DRAWS = 5
_LEAST_OVERLAP = 0.5


def sample_declined(probability: Floats, cut_off: float, seed: int) -> NDArray[np.int64]:
    """Returns up to 400 declined rows, in order, or the rows of highest probability if fewer than 20 are declined."""
    declined = np.flatnonzero(probability >= cut_off)
    if len(declined) < 20:
        declined = np.sort(np.argsort(-probability, kind="stable")[:100])
    if len(declined) > MOST_ROWS:
        declined = np.sort(np.random.default_rng(seed).choice(declined, MOST_ROWS, replace=False))
    return declined.astype(np.int64)


def fidelity(
    estimator: Estimator | None,
    predict: Predict,
    rows: pd.DataFrame,
    baseline: dict[str, float | str | None],
    seed: int,
) -> dict[str, Any]:
    """
    `passed` requires that removing the top reasons lowers the probability more than removing as many random features
    (the paired 95 % interval is above zero). If exact contributions exist, at least half of the top reasons must agree.
    Without an estimator only the probabilities are known, so there is nothing exact to agree with.
    """
    given = drops(predict, rows, baseline)
    exact = None if estimator is None else exact_contributions(estimator, rows, baseline, origins(estimator.pipeline))
    k = min(REASONS, max(1, rows.shape[1] // 2))
    agreement: dict[str, Any]
    if exact is None:
        what = "an imported model" if estimator is None else type(estimator.classifier).__name__
        agreement = {"not_measurable": f"because {what} has no exact contributions here"}
    else:
        agreement = _agreement(given, exact[1], k, exact[0])
    deletion = _deletion(predict, rows, baseline, given, k, seed)
    agrees = agreement.get("top_k_overlap", 1.0) >= _LEAST_OVERLAP
    return {
        "rows": len(rows),
        "agreement": agreement,
        "deletion": deletion,
        "mean_drop": {name: float(given[:, i].mean()) for i, name in enumerate(rows.columns)},
        "passed": bool(deletion["difference"]["low"] > 0 and agrees),
    }


def _top(values: Floats, k: int) -> NDArray[np.int64]:
    return np.argsort(-values, axis=1, kind="stable")[:, :k]


def _agreement(given: Floats, exact: Floats, k: int, reference: str) -> dict[str, Any]:
    from scipy.stats import rankdata

    ours, theirs = _top(given, k), _top(exact, k)
    overlap = np.array([len(set(a) & set(b)) / k for a, b in zip(ours.tolist(), theirs.tolist(), strict=True)])
    a, b = (rankdata(v, axis=1) for v in (given, exact))
    a, b = (v - v.mean(axis=1, keepdims=True) for v in (a, b))
    scale = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    correlation = np.divide((a * b).sum(axis=1), scale, out=np.zeros(len(scale)), where=scale > 0)
    return {
        "reference": reference,
        "k": k,
        "top_1": float((ours[:, 0] == theirs[:, 0]).mean()),
        "top_k_overlap": float(overlap.mean()),
        "rank_correlation": float(correlation.mean()),
    }


def _deletion(
    predict: Predict,
    rows: pd.DataFrame,
    baseline: dict[str, float | str | None],
    given: Floats,
    k: int,
    seed: int,
) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    before = predict(rows)
    removed = before - predict(_without(rows, baseline, _top(given, k)))
    width = rows.shape[1]
    at_random = np.mean(
        [
            before - predict(_without(rows, baseline, np.argsort(rng.random((len(rows), width)), axis=1)[:, :k]))
            for _ in range(_RANDOM_DRAWS)
        ],
        axis=0,
    )
    difference = removed - at_random
    means = difference[rng.integers(0, len(rows), (200, len(rows)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {
        "features_removed": k,
        "mean_drop_reasons": float(removed.mean()),
        "mean_drop_random": float(at_random.mean()),
        "difference": {"value": float(difference.mean()), "low": float(low), "high": float(high)},
    }


def _without(rows: pd.DataFrame, baseline: dict[str, float | str | None], chosen: NDArray[np.int64]) -> pd.DataFrame:
    """Returns the rows, with the features chosen for each row set to their baseline."""
    names = list(rows.columns)
    mask = np.zeros((len(rows), len(names)), dtype=np.bool_)
    np.put_along_axis(mask, chosen, True, axis=1)
    base = at_baseline(rows, names, baseline)
    return rows.assign(
        **{name: np.where(mask[:, i], base[name].to_numpy(), rows[name].to_numpy()) for i, name in enumerate(names)}
    )
