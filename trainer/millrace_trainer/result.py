"""Writes the output files. result.json comes last, so its presence means that the others are complete."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .frame import Frame
from .metrics import FIGURES
from .storage import Storage, file_sha256


def write_json(path: Path, value: Any) -> None:
    """Writes sorted keys and rejects NaN, so that equal values have equal bytes and every parser can read the file."""
    path.write_text(json.dumps(value, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False) + "\n")


def write_reference_scores(
    path: Path, frame: Frame, partition: str, held_out: Any, probability: Any, others: str = "train"
) -> None:
    """
    Writes the entity's columns, partition date, split (`test` or `others`) and probability of every row, in the frame's
    order.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            **frame.entity,
            partition: frame.partition,
            "split": pa.array(np.where(held_out, "test", others)),
            "probability": pa.array(probability, pa.float64()),
        }
    )
    pq.write_table(table, path, compression="zstd")


def result(evaluation: dict[str, Any], parity: dict[str, Any], artifacts: list[dict[str, Any]]) -> dict[str, Any]:
    performance = evaluation["performance"]
    return {
        "status": "ok",
        "artifacts": artifacts,
        "metrics": {
            **{name: performance["test"][name]["value"] for name in FIGURES},
            "psi_train_test": performance["psi_train_test"],
        },
        "gates": evaluation["gates"],
        "rows": evaluation["split"]["rows"],
        "engine": "onnx",
        "parity": {"max_abs_diff": parity["max_abs_diff"], "rows": parity["rows"]},
    }


def artifact(path: Path) -> dict[str, Any]:
    """Describes one output file. Its `path` is relative to the output address."""
    return {"name": path.name, "path": path.name, "size": path.stat().st_size, "sha256": file_sha256(path)}


def publish(storage: Storage, folder: str, files: list[Path], last: Path) -> None:
    for path in [*files, last]:
        storage.put(path, folder, path.name)
