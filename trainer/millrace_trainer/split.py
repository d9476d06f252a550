"""Splits the rows into training rows and held-out rows."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .entity_key import entity_key
from .errors import TrainerError
from .frame import Frame
from .spec import Split


def test_rows(frame: Frame, split: Split, seed: int) -> NDArray[np.bool_]:
    """
    Returns True for each held-out row. by_entity: a hash of entity and seed decides for all rows of an entity, so an
    entity keeps its side when rows are added. out_of_time: the newest `test_dates` dates are held out.
    """
    if split.kind == "by_entity":
        held_out = _by_entity(frame, split.test_share, seed)
    else:
        dates = np.unique(frame.dates)
        if len(dates) <= split.test_dates:
            raise TrainerError(
                "SPLIT_NOT_POSSIBLE",
                f"An out-of-time split of {split.test_dates} dates needs more than {split.test_dates} label dates; "
                f"the frame has {len(dates)}.",
                dates=len(dates),
            )
        held_out = frame.dates >= dates[-split.test_dates]
    for side, rows in (("training", ~held_out), ("test", held_out)):
        labels = frame.label[rows]
        if len(labels) == 0:
            raise TrainerError("SPLIT_NOT_POSSIBLE", f"The split leaves no {side} rows.", rows=frame.rows)
        if labels.min() == labels.max():
            raise TrainerError(
                "LABEL_ONE_CLASS",
                f"All {len(labels)} {side} rows have label {int(labels[0])}.",
                side=side,
                rows=len(labels),
            )
    return held_out


def _by_entity(frame: Frame, share: float, seed: int) -> NDArray[np.bool_]:
    entities, positions = _distinct(list(frame.entity.values()))
    limit = int(share * 2**64)
    salt = f"{seed}|".encode()
    chosen = np.array(
        [
            int.from_bytes(hashlib.blake2b(salt + entity_key(entity).encode(), digest_size=8).digest(), "big") < limit
            for entity in entities
        ],
        dtype=np.bool_,
    )
    picked: NDArray[np.bool_] = chosen[positions]
    return picked


def _distinct(columns: list[Any]) -> tuple[list[tuple[Any, ...]], NDArray[np.int64]]:
    """Returns the distinct tuples of the columns' values, and the position among them of each row's tuple."""
    encoded = [column.combine_chunks().dictionary_encode() for column in columns]
    codes = [each.indices.to_numpy(zero_copy_only=False).astype(np.int64) for each in encoded]
    if len(encoded) == 1:
        return [(value,) for value in encoded[0].dictionary.to_pylist()], codes[0]
    first, positions = np.array([0]), np.zeros(len(codes[0]), dtype=np.int64)
    for each, code in zip(encoded, codes, strict=True):
        _, first, positions = np.unique(positions * len(each.dictionary) + code, return_index=True, return_inverse=True)
    values = [each.dictionary.take(code[first]).to_pylist() for each, code in zip(encoded, codes, strict=True)]
    return list(zip(*values, strict=True)), positions
