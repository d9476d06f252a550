"""Reads the training frame, one Parquet file, checks it against the spec and splits it into arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import TrainerError
from .spec import Columns, Feature

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Frame:
    """
    N rows in the file's order. `features` contains numbers as float64 (missing: NaN), then strings (missing: ""), which
    is the order of the model's inputs. `entity` (by column name) and `partition` are the file's own Arrow columns.
    """

    entity: dict[str, Any]
    partition: Any
    dates: NDArray[np.str_]
    label: NDArray[np.int64]
    features: pd.DataFrame
    attributes: dict[str, NDArray[np.object_]]

    @property
    def rows(self) -> int:
        return len(self.label)


class FeatureInputs:
    """The features of a model in the order of its inputs: numbers, then strings."""

    features: tuple[Feature, ...]

    @property
    def numeric(self) -> list[str]:
        return [f.name for f in self.features if not f.is_string]

    @property
    def categorical(self) -> list[str]:
        return [f.name for f in self.features if f.is_string]


def ordered(features: tuple[Feature, ...]) -> tuple[Feature, ...]:
    """Returns numbers, then strings, each in the spec's order."""
    return tuple([f for f in features if not f.is_string] + [f for f in features if f.is_string])


def _text_column(column: Any) -> NDArray[np.object_]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_string(column.type):
        column = pc.cast(column, pa.string())
    return np.array(["" if v is None else v for v in column.to_pylist()], dtype=object)


def _number_column(column: Any, name: str) -> NDArray[np.float64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (
        pa.types.is_boolean(column.type)
        or pa.types.is_integer(column.type)
        or pa.types.is_floating(column.type)
        or pa.types.is_decimal(column.type)
        or pa.types.is_null(column.type)
    ):
        raise TrainerError(
            "TRAINING_FRAME_MISMATCH",
            f"Column {name} should hold numbers; the frame has {column.type}.",
            column=name,
        )
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    values: NDArray[np.float64] = pc.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return values.astype(np.float64)


def read_frame(path: Path, columns: Columns, rows: int | None) -> Frame:
    """Raises TRAINING_FRAME_UNREADABLE, TRAINING_FRAME_MISMATCH (columns, types, rows) or LABEL_NOT_BINARY."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    features = ordered(columns.features)
    wanted = [
        *columns.entity,
        columns.partition,
        columns.label,
        *(f.name for f in features),
        *columns.attributes,
    ]
    try:
        with pq.ParquetFile(path) as file:
            found = file.schema_arrow.names
            missing = [name for name in wanted if name not in found]
            if missing:
                raise TrainerError(
                    "TRAINING_FRAME_MISMATCH",
                    f"The frame lacks {', '.join(missing)}; it has {', '.join(found)}.",
                    missing=missing,
                )
            table = file.read(columns=wanted)
    except (pa.ArrowException, OSError) as error:
        raise TrainerError("TRAINING_FRAME_UNREADABLE", f"Not a Parquet file: {str(error)[:200]}") from error
    if rows is not None and table.num_rows != rows:
        raise TrainerError(
            "TRAINING_FRAME_MISMATCH",
            f"The frame has {table.num_rows} rows; the spec says {rows}.",
            rows=table.num_rows,
        )
    if table.num_rows == 0:
        raise TrainerError("TRAINING_FRAME_MISMATCH", "The frame has no rows.", rows=0)
    for name in (*columns.entity, columns.partition):
        if table.column(name).null_count:
            raise TrainerError("TRAINING_FRAME_MISMATCH", f"Column {name} has empty values.", column=name)
    label = _number_column(table.column(columns.label), columns.label)
    wrong = int(np.sum(~np.isin(label, (0.0, 1.0))))
    if wrong:
        raise TrainerError(
            "LABEL_NOT_BINARY",
            f"Label {columns.label}: {wrong} of {len(label)} rows are neither 0 nor 1.",
            rows=wrong,
        )
    data = {}
    for f in features:
        column = table.column(f.name)
        data[f.name] = _text_column(column) if f.is_string else _number_column(column, f.name)
    return Frame(
        entity={name: table.column(name) for name in columns.entity},
        partition=table.column(columns.partition),
        dates=np.array([v[:10] for v in _text_column(table.column(columns.partition))], dtype=np.str_),
        label=label.astype(np.int64),
        features=pd.DataFrame({k: pd.Series(v, dtype=v.dtype) for k, v in data.items()}),
        attributes={name: _text_column(table.column(name)) for name in columns.attributes},
    )
