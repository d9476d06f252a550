"""Parses the job's spec, one JSON object, into frozen types. Unknown keys and wrong values are user errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from .errors import TrainerError

FeatureType = Literal["boolean", "int", "bigint", "double", "string"]
FEATURE_TYPES = ("boolean", "int", "bigint", "double", "string")
METRIC_GATES = ("auc", "gini", "ks", "brier", "log_loss")
FAIRNESS_GATES = ("demographic_parity_ratio", "equal_opportunity_difference")
DEFAULT_PACKAGES = ("sklearn", "lightgbm")
_CLASS_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
T = TypeVar("T")


@dataclass(frozen=True)
class Feature:
    name: str
    type: FeatureType
    monotonic: Literal["increasing", "decreasing"] | None = None

    @property
    def is_string(self) -> bool:
        return self.type == "string"


@dataclass(frozen=True)
class Step:
    """One class with the scikit-learn interface and its parameters."""

    class_path: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Split:
    kind: Literal["by_entity", "out_of_time"]
    test_share: float = 0.0
    test_dates: int = 0


@dataclass(frozen=True)
class Gate:
    """A bound on a figure of the test split. `attribute` is the fairness attribute without its column prefix."""

    figure: str
    attribute: str | None
    min: float | None
    max: float | None

    @property
    def name(self) -> str:
        return self.figure if self.attribute is None else f"{self.figure}[{self.attribute}]"


@dataclass(frozen=True)
class Columns:
    entity: tuple[str, ...]
    partition: str
    label: str
    features: tuple[Feature, ...]
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class ImportedModel:
    """An ONNX file that was trained elsewhere and is only evaluated here."""

    uri: str
    sha256: str


@dataclass(frozen=True)
class Spec:
    model: str
    feature_set: str
    training_id: str
    as_of: str
    steps: tuple[Step, ...]
    seed: int
    packages: tuple[str, ...]
    split: Split
    gates: tuple[Gate, ...]
    cut_off: float
    columns: Columns
    frame_uri: str
    frame_sha256: str | None
    frame_rows: int | None
    # Rows of the partitions that are not in the frame, because they have no label.
    frame_unlabelled: int | None
    output_uri: str
    grain: str | None
    threads: int
    imported: ImportedModel | None = None


def _fail(path: str, expected: str, got: Any) -> TrainerError:
    shown = repr(got)
    return TrainerError(
        "TRAINING_SPEC_INVALID",
        f"{path or 'the spec'}: expected {expected}, got {shown[:120]}.",
        path=path,
        expected=expected,
    )


class _Object:
    """Reads the keys of one JSON object and rejects unknown keys."""

    def __init__(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise _fail(path, "an object", value)
        self._left = dict(value)
        self._path = path

    def at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def take(self, key: str, kind: type[T] | tuple[type[Any], ...], expected: str, default: Any = ...) -> T:
        value = self._left.pop(key, None)
        if value is None:
            if default is ...:
                raise _fail(self.at(key), expected, None)
            return cast(T, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise _fail(self.at(key), expected, value)
        return cast(T, value)

    def text(self, key: str, default: Any = ...) -> str:
        value: str = self.take(key, str, "a text", default)
        if value == "":
            raise _fail(self.at(key), "a text that is not empty", value)
        return value

    def number(self, key: str, default: Any = ...) -> float:
        value: float | None = self.take(key, (int, float), "a number", default)
        return cast(float, value if value is None else float(value))

    def done(self) -> None:
        for key, value in self._left.items():
            raise _fail(self.at(key), "no such key", value)


def _steps(value: Any, params: dict[str, Any]) -> tuple[Step, ...]:
    if isinstance(value, str):
        return (Step(_class_path(value, "estimator"), params),)
    outer = _Object(value, "estimator")
    listed: list[Any] = outer.take("pipeline", list, "a list of steps")
    outer.done()
    if not listed:
        raise _fail("estimator.pipeline", "at least one step", listed)
    steps = []
    for index, item in enumerate(listed):
        path = f"estimator.pipeline[{index}]"
        entry = _Object(item, path)
        class_path = _class_path(entry.text("class"), f"{path}.class")
        steps.append(Step(class_path, dict(entry.take("params", dict, "an object", {}))))
        entry.done()
    # `params` next to a pipeline apply to its last step, the classifier.
    steps[-1] = Step(steps[-1].class_path, {**steps[-1].params, **params})
    return tuple(steps)


def _class_path(value: str, path: str) -> str:
    if not _CLASS_PATH.fullmatch(value):
        raise _fail(path, "a class, such as lightgbm.LGBMClassifier", value)
    return value


def _split(value: Any) -> Split:
    entry = _Object(value, "split")
    kind = entry.text("kind")
    if kind == "by_entity":
        share = entry.number("test_share")
        if not 0 < share < 1:
            raise _fail("split.test_share", "a number between 0 and 1", share)
        split = Split("by_entity", test_share=share)
    elif kind == "out_of_time":
        dates: int = entry.take("test_dates", int, "a whole number")
        if dates < 1:
            raise _fail("split.test_dates", "at least 1", dates)
        split = Split("out_of_time", test_dates=dates)
    else:
        raise _fail("split.kind", "by_entity or out_of_time", kind)
    entry.done()
    return split


def _gates(value: Any) -> tuple[Gate, ...]:
    if not isinstance(value, dict):
        raise _fail("gates", "an object", value)
    gates = []
    for figure, bounds in value.items():
        if figure not in METRIC_GATES + FAIRNESS_GATES:
            raise _fail(f"gates.{figure}", "one of " + ", ".join(METRIC_GATES + FAIRNESS_GATES), figure)
        entry = _Object(bounds, f"gates.{figure}")
        attribute = entry.text("attribute") if figure in FAIRNESS_GATES else None
        gates.append(Gate(figure, attribute, entry.number("min", None), entry.number("max", None)))
        entry.done()
    return tuple(gates)


def _entity(entry: _Object) -> tuple[str, ...]:
    """Reads the entity's column or, as a list, its columns."""
    value: str | list[Any] = entry.take("entity", (str, list), "a column or a list of columns")
    names = [value] if isinstance(value, str) else value
    if not names or not all(isinstance(name, str) and name for name in names):
        raise _fail(entry.at("entity"), "a column or a list of columns", value)
    return tuple(names)


def _columns(value: Any) -> Columns:
    entry = _Object(value, "columns")
    features: list[Feature] = []
    for index, item in enumerate(entry.take("features", list, "a list of features")):
        path = f"columns.features[{index}]"
        inner = _Object(item, path)
        name, kind, monotonic = inner.text("name"), inner.text("type"), inner.text("monotonic", None)
        inner.done()
        if kind not in FEATURE_TYPES:
            raise _fail(f"{path}.type", "one of " + ", ".join(FEATURE_TYPES), kind)
        if monotonic not in (None, "increasing", "decreasing"):
            raise _fail(f"{path}.monotonic", "increasing or decreasing", monotonic)
        if monotonic is not None and kind == "string":
            raise _fail(f"{path}.monotonic", "no direction for a string feature", monotonic)
        features.append(Feature(name, cast(FeatureType, kind), cast(Any, monotonic)))
    if not features:
        raise _fail("columns.features", "at least one feature", [])
    attributes = tuple(cast(list[str], entry.take("attributes", list, "a list of columns", [])))
    columns = Columns(
        entity=_entity(entry),
        partition=entry.text("partition"),
        label=entry.text("label"),
        features=tuple(features),
        attributes=attributes,
    )
    entry.done()
    names = [*columns.entity, columns.partition, columns.label, *(f.name for f in features), *attributes]
    for name in names:
        if not isinstance(name, str) or names.count(name) > 1:
            raise _fail("columns", "each column named once", name)
    return columns


def _imported(value: Any) -> ImportedModel | None:
    if value is None:
        return None
    entry = _Object(value, "imported")
    imported = ImportedModel(entry.text("uri"), entry.text("sha256"))
    entry.done()
    return imported


def parse_spec(value: Any) -> Spec:
    """Parses the JSON value of a spec. Raises TRAINING_SPEC_INVALID with the path of the first wrong place."""
    top = _Object(value, "")
    if top.take("spec_version", int, "1") != 1:
        raise _fail("spec_version", "1", value.get("spec_version"))
    imported = _imported(top.take("imported", dict, "an object", None))
    params: dict[str, Any] = top.take("params", dict, "an object", {})
    packages: list[str] = top.take("packages", list, "a list of packages", list(DEFAULT_PACKAGES))
    steps = _steps(top.take("estimator", (str, dict), "a class or a pipeline"), params) if imported is None else ()
    frame = _Object(top.take("frame", dict, "an object"), "frame")
    output = _Object(top.take("output", dict, "an object"), "output")
    spec = Spec(
        model=top.text("model"),
        feature_set=top.text("feature_set"),
        training_id=top.text("training_id"),
        as_of=top.text("as_of"),
        steps=steps,
        seed=top.take("seed", int, "a whole number", 0),
        packages=tuple(packages),
        split=_split(top.take("split", dict, "an object")),
        gates=_gates(top.take("gates", dict, "an object", {})),
        cut_off=top.number("cut_off"),
        columns=_columns(top.take("columns", dict, "an object")),
        frame_uri=frame.text("uri"),
        frame_sha256=frame.text("sha256", None),
        frame_rows=frame.take("rows", int, "a whole number", None),
        frame_unlabelled=frame.take("unlabelled", int, "a whole number", None),
        output_uri=output.text("uri"),
        grain=top.text("grain", None),
        threads=top.take("threads", int, "a whole number", 1),
        imported=imported,
    )
    for part in (frame, output, top):
        part.done()
    if not 0 < spec.cut_off < 1:
        raise _fail("cut_off", "a number between 0 and 1", spec.cut_off)
    if not 0 <= spec.seed < 2**31:
        raise _fail("seed", "a whole number from 0 to 2147483647", spec.seed)
    if not 1 <= spec.threads <= 256:
        raise _fail("threads", "a whole number from 1 to 256", spec.threads)
    return spec
