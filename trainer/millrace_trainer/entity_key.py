"""The canonical text of an entity, which stands for it where one key is needed."""

from __future__ import annotations

import json
from typing import Any


def entity_key(values: tuple[Any, ...]) -> str:
    """
    Returns the text of a single value, or a JSON array with the text of each value. The brackets and quotes keep
    ("a", "b,c") and ("a,b", "c") apart; the values of one column have one type, so their texts do not collide.
    """
    texts = [str(value) for value in values]
    return texts[0] if len(texts) == 1 else json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
