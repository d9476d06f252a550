"""Bins for the population stability index: deciles of a number, most frequent values of a string."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
LARGEST_VOCABULARY = 20


def number_bins(values: NDArray[np.float64]) -> dict[str, Any]:
    """
    Returns ascending inner `edges` (deciles without duplicates) and one more share than there are edges. Bin i holds
    edges[i-1] < x <= edges[i]. Missing values have a separate share, and all shares sum to 1.
    """
    known = values[~np.isnan(values)]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS, method="lower")) if len(known) else np.array([])
    if len(edges) and edges[-1] == known.max():
        edges = edges[:-1]
    return {"kind": "numeric", "edges": [float(e) for e in edges], **number_shares(values, edges)}


def number_shares(values: NDArray[np.float64], edges: Any) -> dict[str, Any]:
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    n = max(len(values), 1)
    return {"shares": [float(c / n) for c in counts], "missing_share": float((len(values) - len(known)) / n)}


def string_bins(values: NDArray[np.object_]) -> dict[str, Any]:
    """Returns the most frequent `categories`, their shares, the share of all other values, and that of missing ("")."""
    names, counts = np.unique(values.astype(str), return_counts=True)
    n = max(len(values), 1)
    order = [i for i in np.lexsort((names, -counts)) if names[i] != ""][:LARGEST_VOCABULARY]
    missing = float(counts[names == ""].sum() / n)
    shares = [float(counts[i] / n) for i in order]
    return {
        "kind": "categorical",
        "categories": [str(names[i]) for i in order],
        "shares": shares,
        "other_share": max(0.0, 1.0 - missing - float(sum(shares))) if len(names) > len(order) + (missing > 0) else 0.0,
        "missing_share": missing,
    }
