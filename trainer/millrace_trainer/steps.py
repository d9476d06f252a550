"""Routes each step of a configured pipeline to the numbers, to the strings, or to both after they are joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .classes import build
from .errors import TrainerError
from .guard import RangeGuard
from .spec import Spec

ENCODERS = ("OneHotEncoder", "OrdinalEncoder", "TargetEncoder")
_BY_TYPE = ("sklearn.impute", "sklearn.preprocessing")


@dataclass
class Steps:
    """Named transformers, in order, followed by the classifier."""

    classifier: Any
    on_numbers: list[tuple[str, Any]] = field(default_factory=lambda: [("guard", RangeGuard())])
    on_strings: list[tuple[str, Any]] = field(default_factory=list)
    joint: list[tuple[str, Any]] = field(default_factory=list)


def route(spec: Spec) -> Steps:
    """
    Encoders apply to the strings, and imputers and scalers to the numbers. Any other transformer, and every step after
    it, applies to both. The last step must be a classifier with probabilities.
    """
    built = [build(step, spec.packages) for step in spec.steps]
    if not hasattr(built[-1], "predict_proba"):
        raise TrainerError(
            "ESTIMATOR_WITHOUT_PROBABILITY",
            f"{spec.steps[-1].class_path} has no predict_proba with these parameters.",
            estimator=spec.steps[-1].class_path,
        )
    steps = Steps(built[-1])
    for index, transformer in enumerate(built[:-1]):
        if not hasattr(transformer, "transform"):
            raise TrainerError(
                "ESTIMATOR_PARAMS_INVALID",
                f"{spec.steps[index].class_path} stands before the last step but transforms nothing.",
                estimator=spec.steps[index].class_path,
            )
        named = (f"step{index + 1}", transformer)
        if type(transformer).__name__ in ENCODERS:
            if type(transformer).__name__ == "OneHotEncoder":
                _one_hot(transformer, spec.steps[index].params)
            steps.on_strings.append(named)
        elif type(transformer).__module__.startswith(_BY_TYPE) and not steps.joint:
            steps.on_numbers.append(named)
        else:
            steps.joint.append(named)
    return steps


def _one_hot(encoder: Any, params: dict[str, Any]) -> None:
    """Makes the output dense, and by default ignores values that did not occur in training."""
    encoder.set_params(sparse_output=False)
    if "handle_unknown" not in params:
        encoder.set_params(handle_unknown="ignore")
