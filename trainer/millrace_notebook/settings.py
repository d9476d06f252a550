"""Finds the API and the store: from the environment, or from the `cli.json` that `npm start` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import MillraceError

SAVED_FILE = "cli.json"
CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Store:
    """The default endpoint is AWS. Keys default to AWS's own credential chain: AWS_* variables, profile, role."""

    endpoint: str | None
    region: str | None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Settings:
    url: str
    key: str | None = field(repr=False)
    store: Store


def find_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """
    Environment variables take precedence over the file. A saved key, and the saved keys of a local store, are sent only
    to the address that they were saved with. Raises API_UNKNOWN, CLI_FILE_INVALID.
    """
    home = folder / environment.get("MILLRACE_HOME", ".millrace")
    saved = _read(home / SAVED_FILE) or _read(CHECKOUT / ".millrace" / SAVED_FILE) or {}
    url = environment.get("MILLRACE_API_URL") or saved.get("url")
    if not url:
        raise MillraceError("API_UNKNOWN", f"MILLRACE_API_URL is not set, and {home} holds no {SAVED_FILE}.")
    known = saved if saved.get("url") == url else {}
    key = environment.get("MILLRACE_API_KEY") or known.get("key")
    return Settings(url=url, key=key, store=_store(environment, known.get("storage") or {}))


def _store(environment: Mapping[str, str], saved: Mapping[str, Any]) -> Store:
    endpoint = environment.get("MILLRACE_S3_ENDPOINT") or saved.get("endpoint")
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    if not endpoint or endpoint != saved.get("endpoint"):
        return Store(endpoint or None, region)
    # Keys in the environment often belong to a company's AWS account, and they are not valid for a local store.
    return Store(endpoint, saved.get("region"), saved.get("access_key_id"), saved.get("secret_access_key"))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        text = path.read_text()
    except FileNotFoundError:
        return None
    try:
        saved = json.loads(text)
    except ValueError:
        saved = None
    if isinstance(saved, dict) and isinstance(saved.get("url"), str) and isinstance(saved.get("storage", {}), dict):
        return saved
    raise MillraceError("CLI_FILE_INVALID", 'It does not hold {"url", "key"}.', where=str(path))
