"""`connect()` and the client that it returns."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .api import Api
from .errors import MillraceError
from .lake import Lake, open_store
from .model import ModelVersion
from .settings import find_settings

if TYPE_CHECKING:
    import pandas as pd


def connect() -> Millrace:
    """
    Reads MILLRACE_API_URL and MILLRACE_API_KEY, MILLRACE_S3_ENDPOINT and AWS_*. Settings that are missing come from
    `cli.json` in MILLRACE_HOME (default: `.millrace`, here or in the checkout). Sends no request to the servers.
    """
    settings = find_settings(os.environ, Path.cwd())
    return Millrace(Api(settings.url, settings.key), Lake(open_store(settings.store)))


class Millrace:
    """Read-only client. A key with the role `viewer` is enough. Rows come from the store, with its own credentials."""

    def __init__(self, api: Api, lake: Lake) -> None:
        self._api = api
        self._lake = lake

    def version(self, model: str, feature_set: str, version: int | None = None) -> ModelVersion:
        """Returns a version by number, by default the live one. Raises NO_LIVE_VERSION and the API's errors."""
        number = self._live(model, feature_set) if version is None else version
        facts = self._api.get("pairs", model, feature_set, "versions", number)
        return ModelVersion(facts, self._api, self._lake)

    def scores(self, model: str, feature_set: str, score_date: str | date, version: int | None = None) -> pd.DataFrame:
        """
        Returns one row per entity: entity, score_date, partition_date, version, probability, declined, reasons. Several
        columns of an entity stand under their own names in place of `entity`. The default is the version scored last
        for the date. Raises SCORES_NOT_FOUND, SCORE_FILE_DIGEST_MISMATCH.
        """
        manifest = self.scores_manifest(model, feature_set, score_date, version)
        return self._lake.read_parts(manifest, "SCORE_FILE_DIGEST_MISMATCH")

    def scores_manifest(
        self, model: str, feature_set: str, score_date: str | date, version: int | None = None
    ) -> dict[str, Any]:
        """Returns the manifest of the scores: their partition, drift, texts of the reasons, files."""
        return self._api.get("pairs", model, feature_set, "scores", _day(score_date), query={"version": version})

    def partition(
        self, feature_set: str, dt: str | date, *, revision: int | None = None, definition: str | None = None
    ) -> pd.DataFrame:
        """
        Returns entity, features and all other columns of a partition. `revision` defaults to the newest, and
        `definition` to the digest of the currently applied configs. Raises PARTITION_NOT_FOUND, PART_DIGEST_MISMATCH.
        """
        manifest = self.partition_manifest(feature_set, dt, revision=revision, definition=definition)
        return self._lake.read_parts(manifest, "PART_DIGEST_MISMATCH")

    def partition_manifest(
        self, feature_set: str, dt: str | date, *, revision: int | None = None, definition: str | None = None
    ) -> dict[str, Any]:
        """Returns the manifest of a partition: schema, inputs, checks, column lineage, files."""
        which = () if revision is None else ("r", revision)
        return self._api.get(
            "feature-sets", feature_set, "partitions", _day(dt), *which, query={"definition": definition}
        )

    def _live(self, model: str, feature_set: str) -> int:
        pair = self._api.get("pairs", model, feature_set)
        if pair["live"] is None:
            raise MillraceError(
                "NO_LIVE_VERSION",
                f"No version is live now; the last one registered is {pair['last_version']}.",
                where=f"{model}/{feature_set}",
            )
        number: int = pair["live"]["version"]
        return number


def _day(day: str | date) -> str:
    return day if isinstance(day, str) else day.strftime("%Y-%m-%d")
