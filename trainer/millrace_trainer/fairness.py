"""Fairness per protected attribute, on held-out rows. Selected means approved: the probability is below the cut-off."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PREFIX = "attr_"
SMALLEST_GROUP = 30
MOST_GROUPS = 20
MISSING = "(missing)"


def attribute_name(column: str) -> str:
    return column.removeprefix(PREFIX)


def fairness(
    label: NDArray[np.int64], probability: NDArray[np.float64], groups: NDArray[np.object_], cut_off: float
) -> dict[str, Any]:
    """
    For each group: N, selection rate, approval rate of the good (label 0) and calibration. Across the groups: the
    demographic parity ratio (lowest selection rate divided by the highest) and the equal opportunity difference
    (highest approval rate of the good minus the lowest).
    """
    names = np.where(groups == "", MISSING, groups).astype(str)
    found = np.unique(names)
    if len(found) > MOST_GROUPS:
        reason = (
            f"because the attribute has {len(found)} values, more than {MOST_GROUPS}; "
            "group them in the model with `bands`, or `age_bands` for a date of birth"
        )
        return {
            "groups": [],
            "demographic_parity_ratio": {"not_measurable": reason},
            "equal_opportunity_difference": {"not_measurable": reason},
        }
    rows = [_group(str(name), label[names == name], probability[names == name], cut_off) for name in found]
    measured = [g for g in rows if g["group"] != MISSING]
    return {
        "groups": rows,
        "demographic_parity_ratio": _ratio(measured),
        "equal_opportunity_difference": _difference(measured),
    }


def _group(name: str, label: NDArray[np.int64], probability: NDArray[np.float64], cut_off: float) -> dict[str, Any]:
    n, good = len(label), label == 0
    approved = probability < cut_off
    group: dict[str, Any] = {"group": name, "n": n, "positives": int(label.sum())}
    if n < SMALLEST_GROUP:
        reason = {"not_measurable": f"because the group has {n} rows, fewer than {SMALLEST_GROUP}"}
        return {**group, "selection_rate": reason, "good_approval_rate": reason, "calibration": reason}
    group["selection_rate"] = float(approved.mean())
    if good.sum() < SMALLEST_GROUP:
        group["good_approval_rate"] = {
            "not_measurable": f"because the group has {int(good.sum())} rows of label 0, fewer than {SMALLEST_GROUP}"
        }
    else:
        group["good_approval_rate"] = float(approved[good].mean())
    if good.all() or not good.any():
        group["calibration"] = {"not_measurable": "because the group holds one class only"}
    else:
        group["calibration"] = {
            "mean_probability": float(probability.mean()),
            "observed_rate": float(label.mean()),
            "difference": float(probability.mean() - label.mean()),
        }
    return group


def _rates(groups: list[dict[str, Any]], key: str) -> list[float] | dict[str, str]:
    rates = [g[key] for g in groups if isinstance(g[key], float)]
    if len(rates) < 2:
        return {"not_measurable": f"because {len(rates)} of {len(groups)} groups are large enough; two are needed"}
    return rates


def _ratio(groups: list[dict[str, Any]]) -> float | dict[str, str]:
    rates = _rates(groups, "selection_rate")
    if isinstance(rates, dict):
        return rates
    if max(rates) == 0:
        return {"not_measurable": "because the cut-off approves nobody"}
    return min(rates) / max(rates)


def _difference(groups: list[dict[str, Any]]) -> float | dict[str, str]:
    rates = _rates(groups, "good_approval_rate")
    return rates if isinstance(rates, dict) else max(rates) - min(rates)
