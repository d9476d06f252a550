"""`fit` on a laptop: makes a spec from YAML and one local Parquet file, without the platform."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from .errors import TrainerError
from .log import log
from .spec import DEFAULT_PACKAGES, parse_spec

ATTRIBUTE_PREFIX = "attr_"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="millrace_trainer", description="Train one model from one local frame.")
    commands = parser.add_subparsers(required=True)
    fit = commands.add_parser("fit", help="train, evaluate and export")
    fit.add_argument("--frame", required=True, type=Path, help="Parquet file: entity, date, features, label")
    fit.add_argument("--config", required=True, type=Path, nargs="+", help="YAML with the Model (and FeatureSet)")
    fit.add_argument("--out", required=True, type=Path, help="folder for the output files")
    fit.add_argument("--model", help="which Model, when the YAML holds several")
    fit.add_argument("--entity", default=None, nargs="+", help="entity columns; the FeatureSet's by default")
    fit.add_argument("--partition", default="dt", help="date column")
    fit.add_argument("--label", default="label", help="label column (0 or 1)")
    fit.add_argument("--threads", default=1, type=int)
    chosen = parser.parse_args(arguments)
    spec = parse_spec(make_spec(chosen, _documents(chosen.config)))
    os.environ.setdefault("OMP_NUM_THREADS", str(spec.threads))
    from .job import run

    outcome = run(spec)
    log("finished", metrics=outcome["metrics"], gates=outcome["gates"], out=str(chosen.out))


def _documents(paths: list[Path]) -> list[dict[str, Any]]:
    import yaml

    documents = []
    for path in paths:
        try:
            documents += [d for d in yaml.safe_load_all(path.read_text()) if isinstance(d, dict)]
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise TrainerError("TRAINING_SPEC_INVALID", f"{path}: {error}", path=str(path)) from error
    return documents


def make_spec(chosen: argparse.Namespace, documents: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns the JSON of a spec. Features come from the FeatureSet document, by default from the frame's columns."""
    models = [d for d in documents if d.get("kind") == "Model" and chosen.model in (None, d.get("name"))]
    if len(models) != 1:
        raise TrainerError(
            "TRAINING_SPEC_INVALID", f"--config holds {len(models)} models that fit; one is needed (--model NAME)."
        )
    (model,) = models
    sets = [d for d in documents if d.get("kind") == "FeatureSet" and d.get("name") == model.get("feature_set")]
    columns = _frame_columns(chosen.frame)
    entity = chosen.entity or (sets[0].get("entity") if sets else None)
    if entity is None:
        raise TrainerError("TRAINING_SPEC_INVALID", "Name the entity column with --entity, or give the FeatureSet.")
    attributes = [name for name in columns if name.startswith(ATTRIBUTE_PREFIX)]
    if sets:
        features = [
            {"name": name, "type": f.get("type"), "monotonic": f.get("monotonic")}
            for name, f in sorted(sets[0]["features"].items())
        ]
    else:
        keys = [entity] if isinstance(entity, str) else entity
        others = {*keys, chosen.partition, chosen.label, *attributes}
        features = [{"name": name, "type": kind} for name, kind in columns.items() if name not in others]
    return {
        "spec_version": 1,
        "model": model.get("name"),
        "feature_set": model.get("feature_set"),
        "training_id": "local",
        "as_of": "local",
        "estimator": model.get("estimator"),
        "params": model.get("params", {}),
        "seed": model.get("seed", 0),
        "packages": list(DEFAULT_PACKAGES),
        "split": model.get("split"),
        "gates": model.get("gates", {}),
        "cut_off": (model.get("decision") or {}).get("cut_off", 0.5),
        "columns": {
            "entity": entity,
            "partition": chosen.partition,
            "label": chosen.label,
            "features": features,
            "attributes": attributes,
        },
        "frame": {"uri": str(chosen.frame)},
        "output": {"uri": str(chosen.out)},
        "threads": chosen.threads,
    }


def _frame_columns(path: Path) -> dict[str, str]:
    """Returns the frame's columns and their feature types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise TrainerError("TRAINING_FRAME_MISSING", f"No file at {path}.")
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise TrainerError("TRAINING_FRAME_UNREADABLE", f"Not a Parquet file: {str(error)[:200]}") from error
    return {field.name: _feature_type(field.type) for field in schema}


def _feature_type(arrow: Any) -> str:
    import pyarrow as pa

    if pa.types.is_boolean(arrow):
        return "boolean"
    if pa.types.is_integer(arrow):
        return "bigint"
    return "double" if pa.types.is_floating(arrow) or pa.types.is_decimal(arrow) else "string"
