"""Tests frames and outputs in the object store at MILLRACE_S3_ENDPOINT, with the keys in AWS_*."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from millrace_trainer.errors import TrainerError
from millrace_trainer.job import run
from millrace_trainer.job_input import read_input
from millrace_trainer.spec import parse_spec
from millrace_trainer.storage import Storage

from .conftest import MakeSpec, applicants

ENDPOINT = os.environ.get("MILLRACE_S3_ENDPOINT")
needs_store = pytest.mark.skipif(ENDPOINT is None, reason="MILLRACE_S3_ENDPOINT is not set")


@pytest.fixture
def bucket() -> Iterator[str]:
    from pyarrow import fs

    name = f"trainer-{uuid.uuid4().hex[:12]}"
    store = fs.S3FileSystem(
        endpoint_override=ENDPOINT, region="us-east-1", allow_bucket_creation=True, allow_bucket_deletion=True
    )
    store.create_dir(name)
    yield name
    store.delete_dir(name)


@needs_store
def test_a_job_reads_its_frame_from_s3_and_writes_its_files_there(
    make_spec: MakeSpec, bucket: str, tmp_path: Path
) -> None:
    spec = make_spec(applicants(400))
    local, store = Path(spec["frame"]["uri"]), Storage(ENDPOINT, "us-east-1")
    store.put(local, f"s3://{bucket}/frames", "frame.parquet")
    spec["frame"]["uri"] = f"s3://{bucket}/frames/frame.parquet"
    spec["output"] = {"uri": f"s3://{bucket}/models/training=t1/attempt=1/"}
    outcome = run(parse_spec(spec))
    for artifact in [*outcome["artifacts"], {"path": "result.json", "sha256": None}]:
        digest = store.fetch(spec["output"]["uri"] + artifact["path"], tmp_path / "back")
        assert artifact["sha256"] in (None, digest)


@needs_store
def test_a_job_input_is_read_from_s3_and_held_to_its_digest(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = '{"text":"größer"}'.encode()
    (tmp_path / "input.json").write_bytes(body)
    Storage(ENDPOINT, "us-east-1").put(tmp_path / "input.json", f"s3://{bucket}/jobs", "input.json")
    monkeypatch.setenv("MILLRACE_JOB_INPUT_URI", f"s3://{bucket}/jobs/input.json")
    monkeypatch.setenv("MILLRACE_JOB_INPUT_SHA256", hashlib.sha256(body).hexdigest())
    assert read_input() == {"text": "größer"}
    monkeypatch.setenv("MILLRACE_JOB_INPUT_SHA256", "0" * 64)
    with pytest.raises(TrainerError) as caught:
        read_input()
    assert (caught.value.code, caught.value.exit_code) == ("TRAINING_INPUT_DIGEST_MISMATCH", 20)
    monkeypatch.setenv("MILLRACE_JOB_INPUT_URI", f"s3://{bucket}/jobs/none.json")
    with pytest.raises(TrainerError) as caught:
        read_input()
    assert (caught.value.code, caught.value.exit_code) == ("TRAINING_INPUT_MISSING", 20)


@needs_store
def test_a_missing_object_is_an_input_error_and_a_refused_key_says_so(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TrainerError) as caught:
        Storage(ENDPOINT, "us-east-1").fetch(f"s3://{bucket}/nothing", tmp_path / "x")
    assert (caught.value.code, caught.value.exit_code) == ("TRAINING_FRAME_MISSING", 20)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(TrainerError) as caught:
        Storage(ENDPOINT, "us-east-1").fetch(f"s3://{bucket}/nothing", tmp_path / "x")
    assert (caught.value.code, caught.value.exit_code) == ("TRAINING_STORAGE_REFUSED", 20)


@needs_store
def test_an_output_is_never_overwritten(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (first := tmp_path / "first").write_bytes(b"first")
    (other := tmp_path / "other").write_bytes(b"other")
    store, folder = Storage(ENDPOINT, "us-east-1"), f"s3://{bucket}/models/attempt=1/"
    store.put(first, folder, "model.onnx")
    store.put(first, folder, "model.onnx")
    with pytest.raises(TrainerError) as caught:
        Storage(ENDPOINT, "us-east-1").put(other, folder, "model.onnx")
    assert (caught.value.code, caught.value.exit_code) == ("TRAINING_OUTPUT_DIFFERS", 75)
    assert store.fetch(f"{folder}model.onnx", tmp_path / "back") == hashlib.sha256(b"first").hexdigest()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(TrainerError) as caught:
        Storage(ENDPOINT, "us-east-1").put(other, folder, "model.onnx")
    assert (caught.value.code, caught.value.exit_code) == ("TRAINING_STORAGE_REFUSED", 20)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("BadDigest", ("TRAINING_STORAGE_UNREACHABLE", 75)),
        ("RequestTimeout", ("TRAINING_STORAGE_UNREACHABLE", 75)),
        ("InvalidBucketName", ("TRAINING_STORAGE_REFUSED", 20)),
    ],
)
def test_damage_on_the_way_is_tried_again_and_a_wrong_request_is_not(
    code: str, expected: tuple[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refuses(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            self.send_response(400)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    (path := tmp_path / "file").write_bytes(b"bytes")
    with ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(TrainerError) as caught:
            Storage(f"http://127.0.0.1:{server.server_port}", "us-east-1").put(path, "s3://bucket/out/", "file")
        server.shutdown()
    assert (caught.value.code, caught.value.exit_code) == expected


@needs_store
def test_of_many_writers_of_one_output_one_succeeds(bucket: str, tmp_path: Path) -> None:
    folder = f"s3://{bucket}/models/attempt=1/"

    def write(number: int) -> str | None:
        (path := tmp_path / str(number)).write_bytes(b"%d" % number * 1000)
        try:
            Storage(ENDPOINT, "us-east-1").put(path, folder, "model.onnx")
        except TrainerError as error:
            return error.code
        return None

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(write, range(8)))
    assert codes.count(None) == 1
    assert set(codes) - {None} <= {"TRAINING_OUTPUT_DIFFERS", "TRAINING_STORAGE_UNREACHABLE"}
    digest = Storage(ENDPOINT, "us-east-1").fetch(f"{folder}model.onnx", tmp_path / "back")
    assert digest == hashlib.sha256(b"%d" % codes.index(None) * 1000).hexdigest()


def test_a_store_that_does_not_answer_is_transient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    with pytest.raises(TrainerError) as caught:
        Storage("http://127.0.0.1:9", "us-east-1").fetch("s3://bucket/frame", tmp_path / "x")
    assert (caught.value.code, caught.value.exit_code) == ("TRAINING_STORAGE_UNREACHABLE", 75)
    (tmp_path / "model.onnx").write_bytes(b"data")
    with pytest.raises(TrainerError) as caught:
        Storage("http://127.0.0.1:9", "us-east-1").put(tmp_path / "model.onnx", "s3://bucket/models", "model.onnx")
    assert (caught.value.code, caught.value.exit_code) == ("TRAINING_STORAGE_UNREACHABLE", 75)


def test_a_local_file_is_whole_or_absent(tmp_path: Path) -> None:
    source = tmp_path / "a.bin"
    source.write_bytes(b"data")
    Storage(None, "us-east-1").put(source, str(tmp_path / "out"), "a.bin")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["a.bin"]
    digest = Storage(None, "us-east-1").fetch(str(tmp_path / "out" / "a.bin"), tmp_path / "b.bin")
    assert digest == hashlib.sha256(b"data").hexdigest()
