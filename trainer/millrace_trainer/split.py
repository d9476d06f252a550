"""Splits the rows into training rows and held-out rows."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

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
    encoded = frame.entity.combine_chunks().dictionary_encode()
    limit = int(share * 2**64)
    salt = f"{seed}|".encode()
    chosen = np.array(
        [
            int.from_bytes(hashlib.blake2b(salt + str(key).encode(), digest_size=8).digest(), "big") < limit
            for key in encoded.dictionary.to_pylist()
        ],
        dtype=np.bool_,
    )
    picked: NDArray[np.bool_] = chosen[encoded.indices.to_numpy(zero_copy_only=False)]
    return picked
