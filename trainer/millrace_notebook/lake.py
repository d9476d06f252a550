"""Reads files of the lake and checks each one against the SHA-256 in the registry or in a manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from .errors import MillraceError
from .settings import Store

if TYPE_CHECKING:
    import pandas as pd

AT_ONCE = 8
_REFUSED = (
    "ACCESS_DENIED",
    "SIGNATURE_DOES_NOT_MATCH",
    "INVALID_ACCESS_KEY_ID",
    "INVALID_CLIENT_TOKEN_ID",
    "NO_SUCH_BUCKET",
    "HTTP status 403",
)


def open_store(store: Store) -> Any:
    """Returns Arrow's S3 client. Sends no request to the store."""
    from pyarrow import fs

    return fs.S3FileSystem(
        endpoint_override=store.endpoint,
        region=store.region or ("us-east-1" if store.endpoint else None),
        access_key=store.access_key_id,
        secret_key=store.secret_access_key,
        connect_timeout=5,
        request_timeout=60,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=3),
    )


class Lake:
    """`filesystem` is an Arrow filesystem whose paths are `bucket/key`."""

    def __init__(self, filesystem: Any) -> None:
        self._filesystem = filesystem

    def read(self, uri: str, sha256: str, mismatch: str) -> bytes:
        """
        Returns the bytes of a file. Raises OBJECT_NOT_FOUND, STORE_DENIED, STORE_UNREACHABLE, or `mismatch` if the
        digest differs.
        """
        try:
            with self._filesystem.open_input_stream(uri.removeprefix("s3://"), compression=None) as stream:
                data: bytes = stream.read()
        except FileNotFoundError as error:
            raise MillraceError("OBJECT_NOT_FOUND", "The store holds no such object.", where=uri) from error
        except OSError as error:
            code = "STORE_DENIED" if any(mark in str(error) for mark in _REFUSED) else "STORE_UNREACHABLE"
            raise MillraceError(code, str(error)[:300], where=uri) from error
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise MillraceError(mismatch, f"Its SHA-256 is {found}; {sha256} was recorded.", where=uri)
        return data

    def read_parts(self, manifest: Mapping[str, Any], mismatch: str) -> pd.DataFrame:
        """Returns the rows of a manifest, in the order of its parts. Dates are datetime64."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        def table(uri: str, part: Mapping[str, Any]) -> Any:
            return pq.ParquetFile(pa.BufferReader(self.read(uri, part["sha256"], mismatch))).read()

        uris, parts = manifest["uris"], manifest["parts"]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tables = list(pool.map(table, uris, parts))
        frame: pd.DataFrame = pa.concat_tables(tables).to_pandas(date_as_object=False)
        return frame
