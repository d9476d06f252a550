"""Logs progress as JSON lines on standard output. Only the log has durations: output files must be reproducible."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any


def log(event: str, level: str = "info", **fields: Any) -> None:
    instant = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"time": instant, "level": level, "event": event, **fields}
    sys.stdout.write(json.dumps(line, default=str) + "\n")
    sys.stdout.flush()


@contextmanager
def step(name: str, **fields: Any) -> Iterator[dict[str, Any]]:
    """Logs one step and its seconds. The body may add facts to the dictionary."""
    started = time.monotonic()
    facts: dict[str, Any] = dict(fields)
    yield facts
    log(name, seconds=round(time.monotonic() - started, 3), **facts)
