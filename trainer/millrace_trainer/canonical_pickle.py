"""Writes model.pkl with the same bytes for the same model."""

from __future__ import annotations

import io
import pickle
from typing import Any

import numpy as np

PROTOCOL = 5


class _Canonical(pickle.Pickler):
    """
    Removes two sources of difference. The nodes of scikit-learn's trees are C structs with uninitialised padding, which
    is written as zeros. Its histogram boosting stores the number of threads of its training, which is written as 1.
    """

    def reducer_override(self, obj: Any) -> Any:
        if type(obj).__name__ == "Tree" and type(obj).__module__ == "sklearn.tree._tree":
            make, arguments, state = obj.__reduce__()[:3]
            nodes = np.zeros(state["nodes"].shape, dtype=state["nodes"].dtype)
            for name in nodes.dtype.names:
                nodes[name] = state["nodes"][name]
            return make, arguments, {**state, "nodes": nodes}
        if type(obj).__name__ == "_BinMapper" and type(obj).__module__.startswith("sklearn.ensemble."):
            make, arguments, state = obj.__reduce_ex__(PROTOCOL)[:3]
            return make, arguments, {**state, "n_threads": 1}
        return NotImplemented


def to_pickle(model: Any) -> bytes:
    buffer = io.BytesIO()
    _Canonical(buffer, protocol=PROTOCOL).dump(model)
    return buffer.getvalue()
