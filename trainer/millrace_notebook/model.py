"""One registered version: what the registry knows about it, and its model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .api import Api
from .errors import MillraceError
from .inputs import model_inputs
from .lake import Lake

if TYPE_CHECKING:
    import pandas as pd


class ModelVersion:
    """
    `facts` is the API's whole response. Files are fetched on first use and checked against the SHA-256 in the registry.
    A pickle is never loaded: predictions come from the ONNX file that daily scoring uses.
    """

    def __init__(self, facts: Mapping[str, Any], api: Api, lake: Lake) -> None:
        self.facts = dict(facts)
        self.model: str = facts["model"]
        self.feature_set: str = facts["feature_set"]
        self.version: int = facts["version"]
        # The stage at the time of the request. Request the version again to see a later stage.
        self.stage: str = facts["stage"]
        self.metrics: dict[str, float] = facts["metrics"]
        self.gates: list[dict[str, Any]] = facts["gates"]
        self.cut_off: float = facts["cut_off"]
        self._api = api
        self._lake = lake

    def __repr__(self) -> str:
        return f"<{self._name}, {self.stage}>"

    @cached_property
    def card(self) -> dict[str, Any]:
        """The model card (docs/model-card.schema.json), with stage, approvals and findings at the time of reading."""
        return self._api.get("pairs", self.model, self.feature_set, "versions", self.version, "card")

    @cached_property
    def signature(self) -> dict[str, Any]:
        """`signature.json`: features in the order of the model's inputs, baselines, bins of the training sample."""
        signature: dict[str, Any] = json.loads(self.file("signature.json"))
        return signature

    @property
    def features(self) -> list[str]:
        return [feature["name"] for feature in self.signature["features"]]

    def file(self, name: str) -> bytes:
        """Returns a file, such as `evaluation.json`. Raises MODEL_FILE_MISSING, ARTIFACT_DIGEST_MISMATCH."""
        artifacts = {artifact["name"]: artifact for artifact in self.facts["artifacts"]}
        if name not in artifacts:
            raise MillraceError("MODEL_FILE_MISSING", f"No {name} among {', '.join(artifacts)}.", where=self._name)
        return self._lake.read(artifacts[name]["uri"], artifacts[name]["sha256"], "ARTIFACT_DIGEST_MISMATCH")

    def predict(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        """
        Returns probabilities of class 1 [N], as daily scoring computes them. Other columns of the frame are ignored. A
        missing value is None or NaN. Raises SCORE_COLUMN_MISSING, SCORE_COLUMN_TYPE.
        """
        inputs = model_inputs(frame, self.signature["features"])
        if len(frame) == 0:
            return np.empty(0, dtype=np.float64)
        (probability,) = self._session.run(["probability"], inputs)
        return np.asarray(probability, dtype=np.float64)

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Use one thread, as the platform's engine does: with a fixed order of sums, the same rows give the same bits.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        data = self.file("model.onnx")
        try:
            return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            # ONNX Runtime's errors have no common base class, and each of them means that the file cannot be used.
            raise MillraceError("MODEL_UNREADABLE", str(error)[:300], where=self._name) from error

    @property
    def _name(self) -> str:
        return f"{self.model}/{self.feature_set} version {self.version}"
