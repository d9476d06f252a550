"""Reads inputs and writes output files: s3:// with Arrow's S3 client, anything else as a local path."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from .errors import TrainerError

_CHUNK = 1 << 20
_REFUSED = (
    "ACCESS_DENIED",
    "SIGNATURE_DOES_NOT_MATCH",
    "INVALID_ACCESS_KEY_ID",
    "NO_SUCH_BUCKET",
    "HTTP status 403",
)
T = TypeVar("T")


def file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class Storage:
    """Addresses are `s3://bucket/key` or local paths. Credentials for S3 come from the AWS_* variables."""

    def __init__(self, endpoint: str | None, region: str) -> None:
        self._endpoint = endpoint
        self._region = region
        self._s3: Any = None

    def fetch(self, uri: str, target: Path, missing: str = "TRAINING_FRAME_MISSING") -> str:
        """Copies one file to `target` and returns its SHA-256. `missing` is the code raised for an absent file."""
        if not uri.startswith("s3://"):
            source = Path(uri)
            if not source.is_file():
                raise TrainerError(missing, f"No file at {uri}.", uri=uri)
            shutil.copyfile(source, target)
            return file_sha256(target)
        digest = hashlib.sha256()

        def read() -> None:
            with (
                self._client().open_input_stream(uri.removeprefix("s3://")) as stream,
                target.open("wb") as out,
            ):
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    out.write(chunk)

        self._guarded(uri, read, missing)
        return digest.hexdigest()

    def put(self, source: Path, folder: str, name: str) -> None:
        """Writes one file into the folder atomically: a reader sees the whole file or nothing."""
        if not folder.startswith("s3://"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            partial = Path(folder) / f".{name}.partial"
            shutil.copyfile(source, partial)
            partial.replace(Path(folder) / name)
            return
        uri = folder.rstrip("/") + "/" + name

        def write() -> None:
            with (
                source.open("rb") as stream,
                self._client().open_output_stream(uri.removeprefix("s3://")) as out,
            ):
                while chunk := stream.read(_CHUNK):
                    out.write(chunk)

        self._guarded(uri, write, "TRAINING_FRAME_MISSING")

    def _client(self) -> Any:
        if self._s3 is None:
            from pyarrow import fs

            self._s3 = fs.S3FileSystem(
                endpoint_override=self._endpoint,
                region=self._region,
                connect_timeout=5,
                request_timeout=60,
                retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=3),
            )
        return self._s3

    @staticmethod
    def _guarded(uri: str, action: Callable[[], T], missing: str) -> T:
        """Distinguishes a missing object and denied access from network errors, which can be retried."""
        try:
            return action()
        except FileNotFoundError as error:
            raise TrainerError(missing, f"No object at {uri}.", uri=uri) from error
        except OSError as error:
            text = str(error)
            refused = any(mark in text for mark in _REFUSED)
            code = "TRAINING_STORAGE_REFUSED" if refused else "TRAINING_STORAGE_UNREACHABLE"
            raise TrainerError(code, f"{uri}: {text[:300]}", uri=uri) from error


def environment_storage() -> Storage:
    """Returns the store that the launcher configured: MILLRACE_S3_ENDPOINT (default: AWS) and AWS_REGION."""
    return Storage(os.environ.get("MILLRACE_S3_ENDPOINT") or None, os.environ.get("AWS_REGION") or "us-east-1")
