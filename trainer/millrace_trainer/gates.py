"""Compares figures of the test split with the gates in the spec. Gates are enforced at approval, not by the job."""

from __future__ import annotations

from typing import Any

from .errors import TrainerError
from .spec import Gate


def verdicts(
    gates: tuple[Gate, ...], test: dict[str, Any], fairness: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """
    Returns {gate, value, min?, max?, passed}, in the order of the gates. `test` contains figures as {value, …}, and
    `fairness` is keyed by attribute. A figure that is not measurable has the value null and fails its gate.
    """
    result = []
    for gate in gates:
        value = _value(gate, test, fairness)
        passed = (
            value is not None and (gate.min is None or value >= gate.min) and (gate.max is None or value <= gate.max)
        )
        verdict: dict[str, Any] = {"gate": gate.name, "value": value}
        if gate.min is not None:
            verdict["min"] = gate.min
        if gate.max is not None:
            verdict["max"] = gate.max
        result.append({**verdict, "passed": passed})
    return result


def _value(gate: Gate, test: dict[str, Any], fairness: dict[str, dict[str, Any]]) -> float | None:
    if gate.attribute is None:
        figure = test.get(gate.figure)
        return figure["value"] if isinstance(figure, dict) else None
    value = fairness[gate.attribute][gate.figure]
    return value if isinstance(value, float) else None


def check_gates(gates: tuple[Gate, ...], attributes: list[str]) -> None:
    """Rejects a fairness gate on an attribute that is not in the frame."""
    for gate in gates:
        if gate.attribute is not None and gate.attribute not in attributes:
            raise TrainerError(
                "TRAINING_SPEC_INVALID",
                f"Gate {gate.name}: the frame carries {', '.join(attributes) or 'no fairness attribute'}.",
                path=f"gates.{gate.figure}.attribute",
            )
