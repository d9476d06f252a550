"""Reads from the HTTP API with a key. Every unsuccessful response becomes a MillraceError."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from .errors import MillraceError

# Slightly longer than the API's own limit for a request.
ANSWER_SECONDS = 70
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Api:
    def __init__(self, url: str, key: str | None) -> None:
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable:
            raise MillraceError("API_URL_INVALID", f"{url} is not the address of an API.")
        self._url = url.rstrip("/")
        self._key = key
        # Bypass a company's proxy for servers on this machine, because it cannot reach them.
        self._opener: OpenerDirector = build_opener(*([ProxyHandler({})] if parts.hostname in _LOOPBACK else []))

    def get(self, *path: str | int, query: Mapping[str, str | int | None] | None = None) -> dict[str, Any]:
        """`path` contains the segments after /v1. Entries of `query` that are None are omitted."""
        url = "/".join([self._url, "v1", *(quote(str(segment), safe="") for segment in path)])
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        request = Request(f"{url}?{urlencode(asked)}" if asked else url, headers={"Accept": "application/json"})
        if self._key is not None:
            # Do not send the key to the target of a redirect.
            request.add_unredirected_header("Authorization", f"Bearer {self._key}")
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
                body = _parse(answer.read())
        except HTTPError as error:
            with error:
                raise _problem(error.code, error.read(), url) from None
        except (URLError, HTTPException, OSError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise MillraceError("API_UNREACHABLE", f"The API does not answer: {reason}", where=self._url) from error
        if body is None:
            raise MillraceError("API_ANSWER_UNKNOWN", "The answer is not a JSON object.", where=url)
        return body


def _problem(status: int, body: bytes, url: str) -> MillraceError:
    problem = _parse(body) or {}
    return MillraceError(
        problem.get("code", "API_ANSWER_UNKNOWN"),
        problem.get("detail", f"The API answered {status}."),
        where=problem.get("where", url),
        remedy=problem.get("remedy"),
        status=status,
        details=problem.get("details"),
    )


def _parse(body: bytes) -> dict[str, Any] | None:
    """Returns None if the body is not a JSON object, as in the response of a proxy or of another server."""
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
