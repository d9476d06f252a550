"""
The unified interface: any allowed class, or pipeline of classes, becomes one scikit-learn Pipeline over the frame.

The trainer adds:
- the range guard, as the first step;
- a one-hot encoder, if there are strings and the config has no encoder;
- a median imputer, if the classifier does not support missing values and the config has no imputer;
- the seed and the number of threads;
- monotonic constraints, if the classifier supports them.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import monotonic
from .errors import TrainerError
from .frame import FeatureInputs, ordered
from .spec import Feature, Spec
from .steps import Steps, route

if TYPE_CHECKING:
    import pandas as pd

LARGEST_VOCABULARY = 64


@dataclass
class Estimator(FeatureInputs):
    """A pipeline over the ordered features, and a list of what the trainer added to the config."""

    pipeline: Any
    features: tuple[Feature, ...]
    added: list[str] = field(default_factory=list)
    monotonic_param: str | None = None
    monotonic_reason: str = ""
    chosen_params: frozenset[str] = frozenset()

    @property
    def classifier(self) -> Any:
        return self.pipeline.steps[-1][1]

    def predict(self, features: pd.DataFrame) -> NDArray[np.float64]:
        """Returns the probability of label 1 for each row."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            both = self.pipeline.predict_proba(features)
        return np.asarray(both[:, 1], dtype=np.float64)


def make_estimator(spec: Spec, training: pd.DataFrame) -> Estimator:
    """Builds the unfitted pipeline. The vocabularies of string features are taken from `training`."""
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    features = ordered(spec.columns.features)
    strings = [f.name for f in features if f.is_string]
    numbers = len(features) - len(strings)
    steps = route(spec)
    added = ["range guard: infinities and magnitudes above 1e15 are missing", *_complete(steps, training, strings)]
    parts = []
    if numbers:
        parts.append(("numeric", Pipeline(steps.on_numbers), list(range(numbers))))
    if strings:
        parts.append(("categorical", Pipeline(steps.on_strings), list(range(numbers, len(features)))))
    prepare = ColumnTransformer(parts, sparse_threshold=0.0)
    pipeline = Pipeline([("prepare", prepare), *steps.joint, ("model", steps.classifier)])
    _set_seed_and_threads(pipeline, spec)
    chosen = frozenset(name for step in spec.steps for name in step.params)
    estimator = Estimator(pipeline, features, added, chosen_params=chosen)
    if any(f.monotonic for f in features):
        estimator.monotonic_param, estimator.monotonic_reason = monotonic.support(steps.classifier, steps.joint)
    return estimator


def _complete(steps: Steps, training: pd.DataFrame, strings: list[str]) -> list[str]:
    """Adds the imputer and the encoder if the config needs them. Returns the names of what it added."""
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import OneHotEncoder
    from sklearn.utils import get_tags

    added = []
    has_imputer = any("Imputer" in type(t).__name__ for _, t in steps.on_numbers)
    if not has_imputer and not get_tags(steps.classifier).input_tags.allow_nan:
        steps.on_numbers.insert(1, ("impute", SimpleImputer(strategy="median", keep_empty_features=True)))
        added.append("median imputer: the classifier takes no missing values")
    if strings and not steps.on_strings:
        vocabularies = [np.array(_vocabulary(training[name]), dtype=object) for name in strings]
        encoder = OneHotEncoder(categories=vocabularies, handle_unknown="ignore", sparse_output=False)
        steps.on_strings.append(("encode", encoder))
        added.append(f"one-hot encoder: the {LARGEST_VOCABULARY} commonest values of each string feature")
    return added


def _vocabulary(values: Any) -> list[str]:
    """Returns the most frequent values of a string feature (ties by name). All other values encode as zeros."""
    names, counts = np.unique(values.to_numpy(dtype=object).astype(str), return_counts=True)
    kept = np.lexsort((names, -counts))[:LARGEST_VOCABULARY]
    return sorted(str(names[i]) for i in kept)


def _set_seed_and_threads(pipeline: Any, spec: Spec) -> None:
    """
    Sets the seed of every random part, unless the config sets one. Uses one thread where the number of threads would
    change the order of sums.
    """
    for name, value in pipeline.get_params(deep=True).items():
        leaf = name.rsplit("__", 1)[-1]
        if leaf == "random_state" and value is None:
            pipeline.set_params(**{name: spec.seed})
        elif leaf == "n_jobs" and value is None:
            pipeline.set_params(**{name: 1})
        elif type(value).__module__.startswith("lightgbm."):
            _settle_lightgbm(value)
    _settle_lightgbm(pipeline.steps[-1][1])


def _settle_lightgbm(model: Any) -> None:
    if not type(model).__module__.startswith("lightgbm."):
        return
    chosen = {name for name, value in model.get_params().items() if value is not None}
    wanted: dict[str, tuple[Any, set[str]]] = {
        "deterministic": (True, {"deterministic"}),
        "force_row_wise": (True, {"force_row_wise", "force_col_wise"}),
        "verbosity": (-1, {"verbosity", "verbose"}),
        # 0 means OMP_NUM_THREADS. The model file must not contain the number, because the model does not depend on it.
        "n_jobs": (0, {"num_threads", "num_thread", "nthread", "nthreads"}),
    }
    for name, (value, said) in wanted.items():
        if not said & chosen:
            model.set_params(**{name: value})


def fit(estimator: Estimator, training: pd.DataFrame, label: NDArray[np.int64]) -> None:
    """Fits the pipeline in place. An exception of the estimator becomes a user error with the same message."""
    classifier = estimator.classifier
    at = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            prepared = estimator.pipeline[:-1].fit_transform(training, label)
            at = classifier
            _constrain(estimator)
            classifier.fit(prepared, label)
        except MemoryError:
            raise
        except Exception as error:
            text = str(error)
            if "bad_alloc" in text or "out of memory" in text.lower():
                raise MemoryError(text) from error
            words = set(re.findall(r"\w+", text))
            about_params = type(error).__name__ == "InvalidParameterError" or bool(words & estimator.chosen_params)
            code = "ESTIMATOR_PARAMS_INVALID" if about_params else "ESTIMATOR_FIT_FAILED"
            what = "A transformer before the classifier" if at is None else type(at).__name__
            raise TrainerError(code, f"{what}: {text[:500]}", estimator=type(classifier).__name__) from error


def _constrain(estimator: Estimator) -> None:
    if estimator.monotonic_param is None:
        return
    columns = monotonic.origins(estimator.pipeline)
    if columns is None:
        estimator.monotonic_param = None
        estimator.monotonic_reason = "a transformer before the classifier changes which column is which feature"
        return
    signs = monotonic.constraints(estimator.features, columns)
    estimator.classifier.set_params(**{estimator.monotonic_param: signs})
