"""The only error type of the notebook package, for errors of the API and of this client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# Codes of this client. A code that the platform also uses has the meaning given in docs/errors.md.
REMEDIES: Final[dict[str, str]] = {
    "API_UNKNOWN": "Set MILLRACE_API_URL and MILLRACE_API_KEY, or call `npm start`, which leaves both in .millrace/.",
    "API_URL_INVALID": "Give the address of the API as http://host:port or https://host.",
    "API_UNREACHABLE": "Start it with `npm start`, or set MILLRACE_API_URL to where it runs.",
    "API_ANSWER_UNKNOWN": "See that MILLRACE_API_URL is the API of Millrace, and no proxy or other server.",
    "CLI_FILE_INVALID": "Correct or remove the file; `npm start` writes it again.",
    "NO_LIVE_VERSION": "Give the number of a version, or deploy an approved one.",
    "OBJECT_NOT_FOUND": "See that MILLRACE_S3_ENDPOINT is the store of this API; else the bucket was changed by hand.",
    "STORE_DENIED": "Give the AWS_* variables, or the profile, of somebody who may read the bucket.",
    "STORE_UNREACHABLE": "Check MILLRACE_S3_ENDPOINT (not set: AWS itself) and the network, then try again.",
    "ARTIFACT_DIGEST_MISMATCH": "Do not use the version: find who wrote to the bucket.",
    "PART_DIGEST_MISMATCH": "Do not use the partition: find who wrote to the bucket.",
    "SCORE_FILE_DIGEST_MISMATCH": "Do not use the scores: find who wrote to the bucket.",
    "MODEL_FILE_MISSING": "Use one of the files named; a version needs model.onnx and signature.json to predict.",
    "MODEL_UNREADABLE": "Bring onnxruntime to the release in trainer/requirements.txt.",
    "SCORE_COLUMN_MISSING": "Give a frame with every feature of the version: `millrace.partition(set, dt)` has them.",
    "SCORE_COLUMN_TYPE": "Give the column the type the model was trained on.",
}


class MillraceError(Exception):
    """docs/errors.md explains `code`, and `remedy` says what to do. `status` is set only for errors of the API."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        status: int | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.where = where
        self.remedy = REMEDIES.get(code) if remedy is None else remedy
        self.status = status
        self.details = dict(details or {})

    def __str__(self) -> str:
        lines = [f"{self.code}: {self.detail}"]
        if self.where is not None:
            lines.append(f"  where: {self.where}")
        if self.remedy is not None:
            lines.append(f"  what to do: {self.remedy}")
        return "\n".join(lines)
