"""Runs the job as the platform does: exit codes, termination message, log lines, equal bytes for equal inputs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from .conftest import MakeSpec, applicants, job_environment

ROOT = Path(__file__).parents[1]


def start(spec: Any, folder: Path, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "millrace_trainer"],
        cwd=ROOT,
        env={**job_environment(spec, folder), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], folder: Path) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
    out, _ = process.communicate(timeout=120)
    path = folder / "termination"
    message = json.loads(path.read_text()) if path.exists() else {}
    return process.returncode, message, [json.loads(line) for line in out.splitlines()]


def test_the_same_spec_gives_the_same_bytes_of_every_file_on_any_number_of_threads_and_tells_its_progress(
    make_spec: MakeSpec, tmp_path: Path
) -> None:
    # Include a forest, because the padding of its C structs differs between processes.
    forest = {"estimator": "sklearn.ensemble.RandomForestClassifier", "params": {"n_estimators": 10}}
    histogram = {"estimator": "sklearn.ensemble.HistGradientBoostingClassifier", "params": {"max_iter": 20}}
    for name, changes in (("lightgbm", {}), ("forest", forest), ("histogram", histogram)):
        files = []
        for run in ("1", "2"):
            out = tmp_path / name / run
            spec = {**make_spec(applicants(400), **changes), "output": {"uri": str(out)}}
            job = start(spec, tmp_path / f"{name}-job{run}", PYTHONHASHSEED=run, OMP_NUM_THREADS=run)
            code, _, lines = finish(job, tmp_path / "none")
            assert code == 0, lines
            events = [line["event"] for line in lines]
            assert (events[0], events[-1]) == ("started", "finished")
            assert {"fetch_frame", "fit", "export", "prove_parity", "evaluate", "write"} <= set(events)
            files.append({path.name: path.read_bytes() for path in out.iterdir()})
        assert len(files[0]) == 6
        assert files[0] == files[1]


def bad(spec: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(spec))
    *path, last = place.split(".")
    target = changed
    for key in path:
        target = target[key]
    target[last] = value
    return changed


@pytest.mark.parametrize(
    ("place", "value", "code", "exit_code"),
    [
        ("frame.sha256", "0" * 64, "TRAINING_FRAME_DIGEST_MISMATCH", 20),
        ("split", {"kind": "by_luck"}, "TRAINING_SPEC_INVALID", 10),
    ],
)
def test_a_failure_ends_with_its_exit_code_and_says_why(
    make_spec: MakeSpec, tmp_path: Path, place: str, value: Any, code: str, exit_code: int
) -> None:
    spec = bad(make_spec(applicants(100)), place, value)
    ended, message, lines = finish(start(spec, tmp_path / "job"), tmp_path / "job")
    assert (ended, message["code"]) == (exit_code, code)
    assert message["remedy"]
    assert lines[-1]["event"] == "failed"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"MILLRACE_JOB_INPUT_URI": ""}, "TRAINING_INPUT_MISSING"),
        ({"MILLRACE_JOB_INPUT_SHA256": ""}, "TRAINING_INPUT_MISSING"),
        ({"MILLRACE_JOB_INPUT_URI": "/nowhere/input.json"}, "TRAINING_INPUT_MISSING"),
        ({"MILLRACE_JOB_INPUT_SHA256": "0" * 64}, "TRAINING_INPUT_DIGEST_MISMATCH"),
    ],
)
def test_an_input_that_is_missing_or_damaged_blames_no_user(tmp_path: Path, change: dict[str, str], code: str) -> None:
    ended, message, lines = finish(start({}, tmp_path, **change), tmp_path)
    assert (ended, message["code"]) == (20, code)
    assert message["remedy"]
    assert lines[-1]["event"] == "failed"


def test_an_input_that_arrived_whole_and_is_not_json_is_an_invalid_spec(tmp_path: Path) -> None:
    ended, message, _ = finish(start(b"<html>", tmp_path), tmp_path)
    assert (ended, message["code"]) == (10, "TRAINING_SPEC_INVALID")


def test_sigterm_ends_it_as_preempted_and_leaves_no_result(make_spec: MakeSpec, tmp_path: Path) -> None:
    spec = make_spec(applicants(20_000), params={"n_estimators": 20_000})
    process = start(spec, tmp_path / "job")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "split":
            break
    time.sleep(0.5)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code, message, _ = finish(process, tmp_path / "job")
    assert (code, message["code"]) == (76, "TRAINING_PREEMPTED")
    assert time.monotonic() - started < 20
    assert not (tmp_path / "out").exists()


def test_running_out_of_memory_has_an_exit_code_of_its_own(make_spec: MakeSpec, tmp_path: Path) -> None:
    code = (
        "import sys, types\n"
        "def run(spec): raise MemoryError('Unable to allocate 9 GiB')\n"
        "sys.modules['millrace_trainer.job'] = types.SimpleNamespace(run=run)\n"
        "from millrace_trainer.__main__ import main\n"
        "sys.argv = ['x']\n"
        "sys.exit(main())"
    )
    folder = tmp_path / "job"
    env = job_environment(make_spec(applicants(100)), folder)
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, timeout=120, check=False
    )
    assert ended.returncode == 77
    assert json.loads((folder / "termination").read_text())["code"] == "TRAINING_OUT_OF_MEMORY"
