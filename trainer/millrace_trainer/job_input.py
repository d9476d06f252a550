"""Reads the input of a job: one JSON document in the object store. The launcher passes its URI and SHA-256."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from .errors import TrainerError
from .storage import environment_storage

URI = "MILLRACE_JOB_INPUT_URI"
SHA256 = "MILLRACE_JOB_INPUT_SHA256"


def read_input() -> Any:
    """Fetches the JSON value and checks its digest. Raises TRAINING_INPUT_… and the errors of the store."""
    uri, expected = _variable(URI), _variable(SHA256)
    with tempfile.TemporaryDirectory(prefix="millrace-input-") as scratch:
        local = Path(scratch) / "input.json"
        digest = environment_storage().fetch(uri, local, missing="TRAINING_INPUT_MISSING")
        if digest != expected:
            raise TrainerError(
                "TRAINING_INPUT_DIGEST_MISMATCH", f"{uri} has SHA-256 {digest}; the job was given {expected}.", uri=uri
            )
        try:
            return json.loads(local.read_bytes())
        except ValueError as error:
            raise TrainerError("TRAINING_SPEC_INVALID", f"{uri} is not JSON: {error}", uri=uri) from error


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise TrainerError(
            "TRAINING_INPUT_MISSING", f"The variable {name} is not set; {URI} and {SHA256} name the input."
        )
    return value
