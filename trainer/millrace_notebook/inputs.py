"""Converts the columns of a frame to the model's inputs, by the same rules as training and daily scoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import MillraceError

if TYPE_CHECKING:
    import pandas as pd


def model_inputs(frame: pd.DataFrame, features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """
    Returns `numeric`, float32 [N, n] (missing: NaN), and `categorical`, strings [N, m] (missing: ""), each only if
    there are such features. Columns are in the signature's order. Raises SCORE_COLUMN_MISSING or SCORE_COLUMN_TYPE,
    which list every such column.
    """
    missing = [f["name"] for f in features if f["name"] not in frame.columns]
    if missing:
        raise MillraceError(
            "SCORE_COLUMN_MISSING", f"The frame lacks {', '.join(missing)}.", details={"missing": missing}
        )
    columns: dict[str, list[Any]] = {"numeric": [], "categorical": []}
    wrong = []
    for feature in features:
        try:
            column = _arrow(frame[feature["name"]])
            columns[feature["input"]].append(_texts(column) if feature["input"] == "categorical" else _numbers(column))
        except (TypeError, ValueError) as error:
            wrong.append(f"{feature['name']} is {error}, trained on {feature['type']}")
    if wrong:
        raise MillraceError("SCORE_COLUMN_TYPE", "; ".join(wrong), details={"columns": wrong})
    return {name: np.stack(arrays, axis=1) for name, arrays in columns.items() if arrays}


def _arrow(column: Any) -> Any:
    import pyarrow as pa

    try:
        found = pa.array(column, from_pandas=True)
    except (TypeError, ValueError, pa.ArrowException) as error:
        # Arrow's message contains the value, which is personal data.
        raise TypeError("of mixed types, or there twice") from error
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    return found.dictionary_decode() if pa.types.is_dictionary(found.type) else found


def _numbers(column: Any) -> Any:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_boolean(kind):
        column = column.cast(pa.int8())
    elif not (
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind)
    ):
        raise TypeError(str(kind))
    with np.errstate(over="ignore"):
        return column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype(np.float32)


def _texts(column: Any) -> Any:
    import pyarrow as pa

    kind = column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        raise TypeError(str(kind))
    return np.array(["" if text is None else text for text in column.to_pylist()], dtype=object)
