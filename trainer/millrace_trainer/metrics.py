"""
Figures of a binary score, as pure functions of label (0/1), probability of label 1 and row weights.

A weight is the number of times a row was drawn, so a figure and all its bootstrap replicates share one sort.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FIGURES = ("auc", "gini", "ks", "brier", "log_loss")
LEVEL = 0.95
CALIBRATION_BINS = 10
_SMALLEST_SHARE = 1e-4


@dataclass(frozen=True)
class Ranked:
    """Rows in ascending order of probability. `ends` are the last indices of runs of equal probability."""

    label: Floats
    brier: Floats
    log_loss: Floats
    ends: NDArray[np.int64]


def ranked(label: NDArray[Any], probability: Floats) -> Ranked:
    order = np.argsort(probability, kind="stable")
    p, y = probability[order], label[order].astype(np.float64)
    ends = np.append(np.flatnonzero(p[1:] != p[:-1]), len(p) - 1)
    clipped = np.clip(p, 1e-15, 1 - 1e-15)
    losses = -np.where(y == 1, np.log(clipped), np.log1p(-clipped))
    return Ranked(y, (p - y) ** 2, losses, ends)


def figures(rows: Ranked, weights: Floats) -> Floats | None:
    """Returns AUC, Gini, KS, Brier score and log loss, as in FIGURES, or None if one class has no weight."""
    bad = np.cumsum(weights * rows.label)[rows.ends]
    both = np.cumsum(weights)[rows.ends]
    good = both - bad
    total, all_bad, all_good = both[-1], bad[-1], good[-1]
    if all_bad == 0 or all_good == 0:
        return None
    step_bad = np.diff(bad, prepend=0.0)
    # A pair of a bad and a good row counts 1 if the bad row has the higher probability, and 0.5 if they are equal.
    auc = float(np.sum(step_bad * (good - np.diff(good, prepend=0.0) / 2)) / (all_bad * all_good))
    ks = float(np.max(np.abs(bad / all_bad - good / all_good)))
    return np.array(
        [auc, 2 * auc - 1, ks, weights @ rows.brier / total, weights @ rows.log_loss / total],
        dtype=np.float64,
    )


def replicates(rows: int) -> int:
    """Returns 200 bootstrap replicates, or fewer (at least 50) for many rows, where intervals are narrow anyway."""
    return int(np.clip(40_000_000 // max(rows, 1), 50, 200))


def measure(label: NDArray[Any], probability: Floats, seed: int) -> dict[str, Any]:
    """Returns each figure with its percentile bootstrap interval (rows drawn with replacement, seeded)."""
    n = len(label)
    positives = int(np.sum(label))
    head = {"rows": n, "positives": positives, "base_rate": positives / n if n else None}
    rows = ranked(label, probability) if n else None
    values = figures(rows, np.ones(n)) if rows is not None else None
    if rows is None or values is None:
        return {**head, "not_measurable": "because the rows hold one class only"}
    rng = np.random.default_rng(seed)
    draws = []
    for _ in range(replicates(n)):
        drawn = figures(rows, np.bincount(rng.integers(0, n, n), minlength=n).astype(np.float64))
        if drawn is not None:
            draws.append(drawn)
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = np.quantile(np.array(draws), tails, axis=0) if draws else (values, values)
    return {
        **head,
        **{
            name: {"value": float(values[i]), "low": float(low[i]), "high": float(high[i])}
            for i, name in enumerate(FIGURES)
        },
    }


def calibration(label: NDArray[Any], probability: Floats) -> list[dict[str, Any]]:
    """Returns mean probability and observed rate in ten bins of equal size, by probability."""
    order = np.argsort(probability, kind="stable")
    return [
        {
            "low": float(probability[part[0]]),
            "high": float(probability[part[-1]]),
            "rows": len(part),
            "mean_probability": float(probability[part].mean()),
            "observed_rate": float(label[part].mean()),
        }
        for part in np.array_split(order, min(CALIBRATION_BINS, len(order)))
        if len(part)
    ]


def psi(expected: Floats, actual: Floats) -> float:
    """Returns the population stability index of two vectors of shares over the same bins. Empty bins count 0.0001."""
    e, a = (np.maximum(shares, _SMALLEST_SHARE) for shares in (expected, actual))
    return float(np.sum((a - e) * np.log(a / e)))
