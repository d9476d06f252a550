"""Tests the notebook client with a real HTTP server. The store is a local folder or MILLRACE_S3_ENDPOINT."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyarrow import fs

from millrace_notebook import Millrace, MillraceError, connect
from millrace_notebook.api import Api
from millrace_notebook.lake import Lake, open_store
from millrace_notebook.settings import Store
from millrace_trainer.job import run
from millrace_trainer.spec import parse_spec

from .conftest import FEATURES, MakeSpec, applicants

ENDPOINT = os.environ.get("MILLRACE_S3_ENDPOINT")
PAIR = "/v1/pairs/default_risk/behaviour"
REMEDY = "Start them with `millrace score`."


class Server(ThreadingHTTPServer):
    """Sends the response registered for a path and query, and requires the registered key."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Any] = {}
        self.redirects: dict[str, str] = {}
        self.keys: list[str | None] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.keys.append(self.headers["Authorization"])
        if self.path in self.server.redirects:
            self.send_response(302)
            self.send_header("Location", self.server.redirects[self.path])
            self.end_headers()
            return
        problem = {"code": "SCORES_NOT_FOUND", "detail": "none for that date", "where": self.path, "remedy": REMEDY}
        found = self.path in self.server.answers
        answer = self.server.answers.get(self.path, problem)
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=partial(made.serve_forever, poll_interval=0.01), daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def millrace(server: Server, tmp_path: Path) -> Millrace:
    """A client whose bucket `lake` is the folder of the same name."""
    store = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    return Millrace(Api(server.url, "mk_key"), Lake(store))


def stored(folder: Path, name: str, data: bytes) -> dict[str, Any]:
    """Writes a file to the bucket and returns its description, as in a manifest."""
    path = folder / "lake" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return {"name": name, "key": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def manifest(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"parts": parts, "uris": [f"s3://lake/{part['key']}" for part in parts]}


def version_answer(artifacts: list[dict[str, Any]], number: int = 2) -> dict[str, Any]:
    return {
        "model": "default_risk",
        "feature_set": "behaviour",
        "version": number,
        "stage": "live",
        "metrics": {"auc": 0.78},
        "gates": [{"gate": "auc", "value": 0.78, "min": 0.7, "passed": True}],
        "cut_off": 0.35,
        "artifacts": [{**artifact, "uri": f"s3://lake/{artifact['key']}"} for artifact in artifacts],
    }


def failure(action: Callable[[], object]) -> MillraceError:
    with pytest.raises(MillraceError) as caught:
        action()
    return caught.value


def test_the_live_version_has_its_figures_and_predicts_as_it_was_evaluated(
    millrace: Millrace, server: Server, make_spec: MakeSpec, tmp_path: Path
) -> None:
    frame = applicants(600)
    run(parse_spec(make_spec(frame)))
    out = tmp_path / "out"
    files = [stored(tmp_path, name, (out / name).read_bytes()) for name in ("model.onnx", "signature.json")]
    server.answers[PAIR] = {"live": {"version": 2}, "last_version": 3}
    server.answers[f"{PAIR}/versions/2"] = version_answer(files)
    server.answers[f"{PAIR}/versions/2/card"] = {"identity": {"version": 2}}
    model = millrace.version("default_risk", "behaviour")
    assert repr(model) == "<default_risk/behaviour version 2, live>"
    assert (model.metrics, model.gates[0]["passed"], model.card["identity"]) == ({"auc": 0.78}, True, {"version": 2})
    assert sorted(model.features) == sorted(str(feature["name"]) for feature in FEATURES)
    expected = pd.read_parquet(out / "reference_scores.parquet")["probability"]
    # A different order of columns, or other pandas types for strings and booleans, must not change the result.
    other = frame[frame.columns[::-1]].astype({"region": "category", "has_mortgage": "boolean"})
    for rows in (frame, other):
        assert np.abs(model.predict(rows) - expected).max() <= 1e-5
    assert len(model.predict(frame.iloc[:0])) == 0
    assert set(server.keys) == {"Bearer mk_key"}
    missing = failure(lambda: model.predict(frame.drop(columns=["income", "region"])))
    assert (missing.code, set(missing.details["missing"])) == ("SCORE_COLUMN_MISSING", {"income", "region"})
    typed = failure(lambda: model.predict(frame.assign(income="high", region=3)))
    assert typed.code == "SCORE_COLUMN_TYPE"
    assert "trained on double" in str(typed)
    assert "trained on string" in str(typed)
    assert "high" not in str(typed)


def test_scores_and_partitions_are_the_rows_of_all_parts_in_order(
    millrace: Millrace, server: Server, tmp_path: Path
) -> None:
    days = [date(2005, 10, 1)] * 4
    rows = pd.DataFrame({"entity": [1, 2, 3, 4], "score_date": days, "probability": [0.1, 0.2, 0.3, 0.4]})
    parts = [
        stored(tmp_path, f"part-{i}.parquet", rows.iloc[i * 2 : i * 2 + 2].to_parquet(index=False)) for i in (0, 1)
    ]
    server.answers[f"{PAIR}/scores/2005-10-01?version=2"] = manifest(parts)
    server.answers["/v1/feature-sets/behaviour/partitions/2005-10-01/r/3?definition=abc"] = manifest(parts)
    scores = millrace.scores("default_risk", "behaviour", date(2005, 10, 1), 2)
    assert list(scores["entity"]) == [1, 2, 3, 4]
    assert scores["score_date"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2005-10-01"]
    # A date from the frame is accepted as an argument.
    partition = millrace.partition("behaviour", scores["score_date"].iloc[0], revision=3, definition="abc")
    assert partition.equals(scores)


def test_changed_and_missing_files_are_refused(millrace: Millrace, server: Server, tmp_path: Path) -> None:
    part = stored(tmp_path, "part.parquet", b"rows")
    (tmp_path / "lake" / "part.parquet").write_bytes(b"other")
    server.answers[f"{PAIR}/scores/2005-10-01"] = manifest([part])
    server.answers["/v1/feature-sets/behaviour/partitions/2005-10-01"] = manifest([part])
    gone = {**part, "name": "gone.json", "key": "gone.json"}
    server.answers[f"{PAIR}/versions/1"] = version_answer([{**part, "name": "model.onnx"}, gone], 1)
    model = millrace.version("default_risk", "behaviour", 1)
    asked: list[Callable[[], object]] = [
        lambda: millrace.scores("default_risk", "behaviour", "2005-10-01"),
        lambda: millrace.partition("behaviour", "2005-10-01"),
        lambda: model.file("model.onnx"),
        lambda: model.file("gone.json"),
        lambda: model.file("other.json"),
    ]
    errors = [failure(ask) for ask in asked]
    assert [error.code for error in errors] == [
        "SCORE_FILE_DIGEST_MISMATCH",
        "PART_DIGEST_MISMATCH",
        "ARTIFACT_DIGEST_MISMATCH",
        "OBJECT_NOT_FOUND",
        "MODEL_FILE_MISSING",
    ]
    assert all(error.remedy for error in errors)
    assert errors[0].where == "s3://lake/part.parquet"


def test_an_error_of_the_api_is_shown_with_what_to_do(millrace: Millrace) -> None:
    error = failure(lambda: millrace.scores("default_risk", "behaviour", "1999-01-01"))
    assert (error.code, error.status) == ("SCORES_NOT_FOUND", 404)
    assert str(error) == (
        f"SCORES_NOT_FOUND: none for that date\n  where: {PAIR}/scores/1999-01-01\n  what to do: {REMEDY}"
    )


def test_a_pair_without_a_live_version_asks_for_a_number(millrace: Millrace, server: Server) -> None:
    server.answers[PAIR] = {"live": None, "last_version": 3}
    error = failure(lambda: millrace.version("default_risk", "behaviour"))
    assert error.code == "NO_LIVE_VERSION"
    assert "3" in error.detail


def test_another_server_and_none_at_all_are_told_apart(millrace: Millrace, server: Server) -> None:
    server.answers[PAIR] = b"<html>welcome</html>"
    assert failure(lambda: millrace.version("default_risk", "behaviour")).code == "API_ANSWER_UNKNOWN"
    assert failure(lambda: Api("http://127.0.0.1:9", None).get("models")).code == "API_UNREACHABLE"
    assert failure(lambda: Api("file:///etc", None)).code == "API_URL_INVALID"


def test_the_key_does_not_follow_a_redirect(millrace: Millrace, server: Server) -> None:
    with Server() as other:
        threading.Thread(target=partial(other.serve_forever, poll_interval=0.01), daemon=True).start()
        server.redirects[PAIR] = f"{other.url}/elsewhere"
        other.answers["/elsewhere"] = {"live": None, "last_version": 1}
        failure(lambda: millrace.version("default_risk", "behaviour"))
        other.shutdown()
    assert (server.keys, other.keys) == (["Bearer mk_key"], [None])


@pytest.mark.skipif(ENDPOINT is None, reason="MILLRACE_S3_ENDPOINT is not set")
def test_connect_needs_nothing_but_what_npm_start_leaves(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = {
        "endpoint": ENDPOINT,
        "region": "us-east-1",
        "access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
        "secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
    }
    bucket = f"notebook-{uuid.uuid4().hex[:12]}"
    admin = fs.S3FileSystem(
        endpoint_override=ENDPOINT,
        region="us-east-1",
        access_key=storage["access_key_id"],
        secret_key=storage["secret_access_key"],
        allow_bucket_creation=True,
        allow_bucket_deletion=True,
    )
    admin.create_dir(bucket)
    try:
        part = stored(tmp_path, "part.parquet", pd.DataFrame({"entity": [1]}).to_parquet(index=False))
        with admin.open_output_stream(f"{bucket}/part.parquet") as out:
            out.write((tmp_path / "lake" / "part.parquet").read_bytes())
        server.answers[f"{PAIR}/scores/2005-10-01"] = {"parts": [part], "uris": [f"s3://{bucket}/part.parquet"]}
        for name in ("MILLRACE_API_URL", "MILLRACE_API_KEY", "MILLRACE_S3_ENDPOINT"):
            monkeypatch.delenv(name, raising=False)
        # A local store must be readable even if the environment has the keys of an AWS account.
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "company")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "company")
        monkeypatch.setenv("MILLRACE_HOME", str(tmp_path))
        saved = {"url": server.url, "key": "mk_saved", "storage": storage}
        (tmp_path / "cli.json").write_text(json.dumps(saved))
        assert list(connect().scores("default_risk", "behaviour", "2005-10-01")["entity"]) == [1]
        assert server.keys == ["Bearer mk_saved"]
        refused = Lake(open_store(Store(ENDPOINT, "us-east-1", storage["access_key_id"], "wrong")))
        uri = f"s3://{bucket}/part.parquet"
        assert failure(lambda: refused.read(uri, part["sha256"], "PART_DIGEST_MISMATCH")).code == "STORE_DENIED"
    finally:
        admin.delete_dir(bucket)
