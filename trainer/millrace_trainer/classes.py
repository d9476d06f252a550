"""Makes a scikit-learn object from a class path and JSON parameters. Errors name the wrong class or parameter."""

from __future__ import annotations

import difflib
import importlib
import inspect
from typing import Any

from .errors import TrainerError
from .spec import Step


def load_class(class_path: str, packages: tuple[str, ...]) -> type[Any]:
    """Imports the class. A class outside the allowed packages is rejected before any import."""
    from sklearn.base import BaseEstimator

    package = class_path.split(".", maxsplit=1)[0]
    if package not in packages:
        raise TrainerError(
            "ESTIMATOR_NOT_ALLOWED",
            f"{class_path}: package {package} is not allowed here; allowed are {', '.join(packages)}.",
            estimator=class_path,
        )
    module_name, _, name = class_path.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise TrainerError(
            "ESTIMATOR_UNKNOWN",
            f"{class_path}: no module {module_name} in this trainer.",
            estimator=class_path,
        ) from error
    found = getattr(module, name, None)
    if not (inspect.isclass(found) and issubclass(found, BaseEstimator)):
        close = difflib.get_close_matches(name, dir(module), n=1)
        hint = f" Did you mean {module_name}.{close[0]}?" if close else ""
        raise TrainerError(
            "ESTIMATOR_UNKNOWN",
            f"{class_path}: {module_name} has no scikit-learn estimator {name}.{hint}",
            estimator=class_path,
        )
    return found


def _known_params(cls: type[Any]) -> set[str]:
    known = set(cls._get_param_names()) - {"kwargs"}
    if cls.__module__.startswith("lightgbm."):
        # LightGBM accepts any keyword and only warns about an unknown one, so check against its list of aliases.
        from lightgbm.basic import _ConfigAliases

        for name, aliases in _ConfigAliases._get_all_param_aliases().items():
            known |= {name, *aliases}
    return known


def build(step: Step, packages: tuple[str, ...]) -> Any:
    """Builds one object. A parameter of the form {class, params}, such as a classifier to calibrate, is built too."""
    cls = load_class(step.class_path, packages)
    known = _known_params(cls)
    params: dict[str, Any] = {}
    for name, value in step.params.items():
        if name not in known:
            close = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise TrainerError(
                "ESTIMATOR_PARAMS_INVALID",
                f"{step.class_path} has no parameter {name}.{hint}",
                estimator=step.class_path,
                parameter=name,
            )
        if isinstance(value, dict) and isinstance(value.get("class"), str):
            value = build(Step(value["class"], dict(value.get("params", {}))), packages)
        params[name] = value
    try:
        return cls(**params)
    except Exception as error:
        raise TrainerError(
            "ESTIMATOR_PARAMS_INVALID", f"{step.class_path}: {error}", estimator=step.class_path
        ) from error
