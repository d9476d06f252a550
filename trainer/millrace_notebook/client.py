"""`connect()` and what can then be asked for."""

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
    From MILLRACE_API_URL and MILLRACE_API_KEY, MILLRACE_S3_ENDPOINT and AWS_*; what is not set is read from the
    `cli.json` in MILLRACE_HOME (`.millrace`, here or in the checkout). Nothing is asked of the servers yet.
    """
    settings = find_settings(os.environ, Path.cwd())
    return Millrace(Api(settings.url, settings.key), Lake(open_store(settings.store)))


class Millrace:
    """Reads only. A key with the role `viewer` is enough; rows come from the store, for whoever may read there."""

    def __init__(self, api: Api, lake: Lake) -> None:
        self._api = api
        self._lake = lake

    def version(self, model: str, feature_set: str, version: int | None = None) -> ModelVersion:
        """A version by number; without one the live version. Raises NO_LIVE_VERSION and the API's errors."""
        number = self._live(model, feature_set) if version is None else version
        facts = self._api.get("pairs", model, feature_set, "versions", number)
        return ModelVersion(facts, self._api, self._lake)

    def scores(self, model: str, feature_set: str, score_date: str | date, version: int | None = None) -> pd.DataFrame:
        """
        One row per entity: entity, score_date, partition_date, version, probability, declined, reasons. Without a
        `version` those that were built last for the date. Raises SCORES_NOT_FOUND, SCORE_FILE_DIGEST_MISMATCH.
        """
        manifest = self.scores_manifest(model, feature_set, score_date, version)
        return self._lake.read_parts(manifest, "SCORE_FILE_DIGEST_MISMATCH")

    def scores_manifest(
        self, model: str, feature_set: str, score_date: str | date, version: int | None = None
    ) -> dict[str, Any]:
        """What is known of these scores: the partition they were made from, drift, texts of the reasons, files."""
        return self._api.get("pairs", model, feature_set, "scores", _day(score_date), query={"version": version})

    def partition(
        self, feature_set: str, dt: str | date, *, revision: int | None = None, definition: str | None = None
    ) -> pd.DataFrame:
        """
        Entity, features and all other columns of a partition. Without a `revision` the newest; without a `definition`
        digest that of the configs applied now. Raises PARTITION_NOT_FOUND, PART_DIGEST_MISMATCH.
        """
        manifest = self.partition_manifest(feature_set, dt, revision=revision, definition=definition)
        return self._lake.read_parts(manifest, "PART_DIGEST_MISMATCH")

    def partition_manifest(
        self, feature_set: str, dt: str | date, *, revision: int | None = None, definition: str | None = None
    ) -> dict[str, Any]:
        """What is known of a partition: schema, inputs, checks, column lineage, files."""
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
