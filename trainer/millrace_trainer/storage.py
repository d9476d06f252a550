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
_EXISTS = 412
_REFUSED_STATUS = (401, 403, 404)
# Of the answers with status 400 these stay as they are; others name bytes that were damaged or delayed on their way.
_REFUSED_CODES = ("AuthorizationHeaderMalformed", "InvalidBucketName", "KeyTooLongError")
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
        self._s3_writer: Any = None

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
        """
        Writes one file into the folder atomically: a reader sees the whole file or nothing. An object of the store is
        never overwritten; raises TRAINING_OUTPUT_DIFFERS if one with other bytes is there.
        """
        if not folder.startswith("s3://"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            partial = Path(folder) / f".{name}.partial"
            shutil.copyfile(source, partial)
            partial.replace(Path(folder) / name)
            return
        uri = folder.rstrip("/") + "/" + name
        if not self._written(source, uri) and self._digest(uri) != file_sha256(source):
            raise TrainerError(
                "TRAINING_OUTPUT_DIFFERS", f"{uri} exists with other bytes than those of this job.", uri=uri
            )

    def _written(self, source: Path, uri: str) -> bool:
        """Returns False if the object exists; it may be our own, if the store's answer to an earlier try was lost."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        bucket, _, key = uri.removeprefix("s3://").partition("/")
        try:
            with source.open("rb") as body:
                self._writer().put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*")
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == _EXISTS:
                return False
            refused = status in _REFUSED_STATUS or error.response["Error"].get("Code") in _REFUSED_CODES
            code = "TRAINING_STORAGE_REFUSED" if refused else "TRAINING_STORAGE_UNREACHABLE"
            raise TrainerError(code, f"{uri}: {str(error)[:300]}", uri=uri) from error
        except NoCredentialsError as error:
            raise TrainerError("TRAINING_STORAGE_REFUSED", f"{uri}: {error}", uri=uri) from error
        except BotoCoreError as error:
            raise TrainerError("TRAINING_STORAGE_UNREACHABLE", f"{uri}: {str(error)[:300]}", uri=uri) from error
        return True

    def _digest(self, uri: str) -> str:
        digest = hashlib.sha256()

        def read() -> None:
            with self._client().open_input_stream(uri.removeprefix("s3://")) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)

        self._guarded(uri, read, "TRAINING_STORAGE_UNREACHABLE")
        return digest.hexdigest()

    def _writer(self) -> Any:
        """Arrow's client cannot write on condition that an object does not exist."""
        if self._s3_writer is None:
            from botocore.config import Config
            from botocore.session import get_session

            self._s3_writer = get_session().create_client(
                "s3",
                endpoint_url=self._endpoint,
                region_name=self._region,
                config=Config(
                    connect_timeout=5,
                    read_timeout=60,
                    retries={"mode": "standard", "total_max_attempts": 3},
                    request_checksum_calculation="when_required",
                    # The signature covers the bytes, so the store rejects what was damaged on its way.
                    s3={"addressing_style": "path" if self._endpoint else "auto", "payload_signing_enabled": True},
                ),
            )
        return self._s3_writer

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
