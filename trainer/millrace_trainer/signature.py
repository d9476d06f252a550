"""Makes signature.json: what an engine needs to run the model, give reasons and measure drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .bins import number_bins, string_bins
from .explain import METHOD, REASONS
from .frame import FeatureInputs
from .guard import LARGEST, RangeGuard
from .spec import Spec

if TYPE_CHECKING:
    import pandas as pd


def signature(
    spec: Spec,
    model: FeatureInputs,
    training: pd.DataFrame,
    baseline: dict[str, float | str | None],
    test_probability: Any,
) -> dict[str, Any]:
    """
    Drift shares of features come from the training rows. Those of the score come from the test rows, because the model
    was fitted to the training rows and its scores there are biased.
    """
    inputs = []
    if model.numeric:
        inputs.append({"name": "numeric", "type": "float32", "missing": "NaN", "features": model.numeric})
    if model.categorical:
        inputs.append({"name": "categorical", "type": "string", "missing": "", "features": model.categorical})
    features = []
    for feature in model.features:
        entry: dict[str, Any] = {
            "name": feature.name,
            "type": feature.type,
            "input": "categorical" if feature.is_string else "numeric",
            "position": (model.categorical if feature.is_string else model.numeric).index(feature.name),
            "monotonic": feature.monotonic,
            "baseline": baseline[feature.name],
        }
        if feature.is_string:
            entry |= {"mean": None, "drift": string_bins(training[feature.name].to_numpy(dtype=object))}
        else:
            values = RangeGuard().transform(training[[feature.name]].to_numpy())[:, 0]
            known = values[~np.isnan(values)]
            entry |= {"mean": float(known.mean()) if len(known) else None, "drift": number_bins(values)}
        features.append(entry)
    return {
        "signature_version": 1,
        "model": spec.model,
        "feature_set": spec.feature_set,
        "training_id": spec.training_id,
        "entity": spec.columns.entity[0] if len(spec.columns.entity) == 1 else list(spec.columns.entity),
        "partition": spec.columns.partition,
        "inputs": inputs,
        "output": {"name": "probability", "type": "float32"},
        "features": features,
        "missing_above": LARGEST,
        "cut_off": spec.cut_off,
        "reasons": {"method": METHOD, "most": REASONS},
        "score": {"mean": float(np.mean(test_probability)), "drift": number_bins(test_probability)},
        "drift_rows": {
            "features": "train",
            "score": "test",
            "train": len(training),
            "test": len(test_probability),
        },
    }
