"""The loader without a scheduler: what becomes of specs, what tasks ask of the API, and what they make of answers."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pendulum
import pytest
from airflow.timetables.base import TimeRestriction
from airflow.timetables.trigger import CronTriggerTimetable

LOADER = Path(__file__).parent.parent / "loader" / "millrace_dags.py"

# The JSON that airflow/dag-spec.ts writes; test/unit/airflow/dag-spec.test.ts compares both byte by byte.
SPEC = {
    "spec_version": 1,
    "dag_id": "millrace-default_risk-repayment_behaviour",
    "model": "default_risk",
    "feature_set": "repayment_behaviour",
    "schedule": "0 5 * * *",
    "timezone": "Europe/London",
    "start_date": "2026-02-01T00:00:00.000Z",
    "enabled": True,
    "content_hash": "d00e0337e4a3ffc80b5b070afc6c4110",
}


def load(monkeypatch: pytest.MonkeyPatch, specs: str) -> ModuleType:
    monkeypatch.setenv("MILLRACE_DAG_SPECS", specs)
    found = importlib.util.spec_from_file_location("millrace_dags", LOADER)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, "millrace_dags", module)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    return load(monkeypatch, str(tmp_path))


def hashed(loader: ModuleType, **changes: Any) -> dict[str, Any]:
    content = {key: value for key, value in (SPEC | changes).items() if key != "content_hash"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return content | {"content_hash": loader.hashlib.sha256(text.encode()).hexdigest()[:32]}


class Api:
    """Answers what a test put in, in order, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any, dict[str, str]]] = []
        self.answers: list[tuple[int, Any, dict[str, str]]] = []
        api = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = (self.command, self.path, json.loads(body) if body else None, dict(self.headers))
                api.asked.append(asked)
                status, answer, extra = api.answers.pop(0)
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.end_headers()
                if status != 304:
                    self.wfile.write(json.dumps(answer).encode())

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    server = Api()
    monkeypatch.setenv("MILLRACE_API_URL", server.url)
    monkeypatch.setenv("MILLRACE_API_KEY", "mr_key")
    yield server
    server.close()


def context(**entries: Any) -> dict[str, Any]:
    tick = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    return {"params": {}, "dag_run": SimpleNamespace(logical_date=tick, run_after=tick), **entries}


def pulled(run: dict[str, Any]) -> dict[str, Any]:
    return context(ti=SimpleNamespace(xcom_pull=lambda task_ids: run))


def test_the_platforms_spec_is_read_with_the_same_hash(loader: ModuleType) -> None:
    spec = loader.parse_spec(SPEC)
    assert (spec.dag_id, spec.enabled) == (SPEC["dag_id"], True)
    assert spec.start_date == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schedule": "every day"}, "no cron line"),
        ({"schedule": "@daily"}, "no cron line"),
        ({"schedule": "61 5 * * *"}, "no cron line"),
        ({"timezone": "Europe/Lodnon"}, "Lodnon"),
        ({"timezone": "../../etc/passwd"}, "passwd"),
        ({"start_date": "yesterday"}, "yesterday"),
        ({"start_date": "2026-02-01T00:00:00+05:00"}, "UTC"),
        ({"model": "a/../b"}, "plain name"),
        ({"enabled": "yes"}, "enabled"),
        ({"spec_version": 2}, "spec_version is 2"),
    ],
)
def test_a_spec_that_cannot_be_used_says_why(loader: ModuleType, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(loader.BrokenSpecError, match=reason):
        loader.parse_spec(hashed(loader, **changes))


def test_an_edited_spec_is_broken(loader: ModuleType) -> None:
    with pytest.raises(loader.BrokenSpecError, match="content_hash"):
        loader.parse_spec(SPEC | {"schedule": "* * * * *"})


def test_broken_files_leave_the_others_alone_and_are_loud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / f"{SPEC['dag_id']}.json").write_text(json.dumps(SPEC))
    (tmp_path / "millrace-cut-off.json").write_text(json.dumps(SPEC)[:40])
    (tmp_path / "millrace-other-name.json").write_text(json.dumps(SPEC))
    (tmp_path / "notes.txt").write_text("not a spec")
    dags = load(monkeypatch, str(tmp_path)).load()
    assert sorted(dags) == ["millrace-cut-off", "millrace-default_risk-repayment_behaviour", "millrace-other-name"]
    good = dags["millrace-default_risk-repayment_behaviour"]
    assert [task.task_id for task in good.tasks] == ["start_scoring", "await_scores"]
    assert good.task_dict["await_scores"].mode == "reschedule"
    broken = dags["millrace-other-name"]
    assert "millrace-broken" in broken.tags and broken.schedule == "@daily"
    with pytest.raises(Exception, match="does not belong into"):
        broken.tasks[0].execute(context())


def test_a_pair_that_temporal_schedules_has_a_dag_without_a_schedule(loader: ModuleType) -> None:
    on, off = (loader.scoring_dag(loader.parse_spec(hashed(loader, enabled=enabled))) for enabled in (True, False))
    assert off.schedule is None and on.schedule is not None
    # Paused DAGs would stay paused after the pair is moved to Airflow.
    assert on.is_paused_upon_creation is False and off.is_paused_upon_creation is False


def test_a_folder_that_is_not_there_is_an_error_of_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(monkeypatch, str(tmp_path / "nowhere"))


def test_a_tasks_own_start_builds_its_dag_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loader = load(monkeypatch, str(tmp_path))
    for model in ("a", "b"):
        spec = hashed(loader, model=model, dag_id=f"millrace-{model}-s", feature_set="s")
        (tmp_path / f"{spec['dag_id']}.json").write_text(json.dumps(spec))
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "millrace-b-s")
    assert list(loader.load()) == ["millrace-b-s"]


def test_all_specs_come_in_one_request_and_then_in_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, api: Api
) -> None:
    monkeypatch.setenv("MILLRACE_DAG_CACHE", str(tmp_path / "cache" / "specs.json"))
    api.answers = [(200, {"specs": [SPEC], "invalid": ["airflow/dags/millrace-x-y.json"]}, {"ETag": '"1"'})]
    loader = load(monkeypatch, api.url)
    api.answers = [(304, None, {})]
    assert sorted(loader.load()) == ["millrace-default_risk-repayment_behaviour", "millrace-x-y"]
    assert api.asked[1][3]["If-None-Match"] == '"1"'
    assert api.asked[1][3]["Authorization"] == "Bearer mr_key"

    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", str(SPEC["dag_id"]))
    assert list(loader.load()) == [SPEC["dag_id"]]
    assert len(api.asked) == 2


def test_a_thousand_specs_parse_at_a_fiftieth_of_a_cpu_second_each(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, loader: ModuleType, api: Api
) -> None:
    specs = [
        hashed(
            loader, model=f"model_{n}", dag_id=f"millrace-model_{n}-repayment_behaviour", schedule=f"{n % 60} 5 * * *"
        )
        for n in range(1000)
    ]
    monkeypatch.setenv("MILLRACE_DAG_CACHE", str(tmp_path / "cache.json"))
    api.answers = [(200, {"specs": specs, "invalid": []}, {"ETag": '"1"'}), (304, None, {})]
    for _answer in api.answers.copy():
        begun = time.process_time()
        module = load(monkeypatch, api.url)
        spent = time.process_time() - begun
        print(f"{spent / len(specs):.5f} CPU-seconds a spec")
        assert sum(isinstance(value, module.DAG) for value in vars(module).values()) == len(specs)
        assert spent < 0.02 * len(specs)


def test_an_outage_of_the_api_removes_no_dag(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, api: Api) -> None:
    monkeypatch.setenv("MILLRACE_DAG_CACHE", str(tmp_path / "specs.json"))
    api.answers = [(200, {"specs": [SPEC], "invalid": []}, {"ETag": '"1"'})]
    loader = load(monkeypatch, api.url)
    api.answers = [(503, {}, {}), (200, "rubbish", {})]
    assert list(loader.load()) == list(loader.load()) == [SPEC["dag_id"]]
    api.close()
    assert list(loader.load()) == [SPEC["dag_id"]]
    (tmp_path / "specs.json").unlink()
    with pytest.raises(OSError, match="refused"):
        loader.load()


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        # 23:30 UTC is the next day in London's summer.
        ({}, "2026-07-01"),
        ({"params": {"score_date": "2005-10-01"}}, "2005-10-01"),
        (
            {"dag_run": SimpleNamespace(logical_date=None, run_after=datetime(2026, 1, 5, 23, 30, tzinfo=UTC))},
            "2026-01-05",
        ),
    ],
)
def test_the_day_is_that_of_the_tick_in_the_pairs_timezone(
    loader: ModuleType, api: Api, changes: dict[str, Any], day: str
) -> None:
    api.answers = [(202, {"workflow_id": "score/1", "run_id": "r", "status": "running"}, {})]
    start = loader.scoring_dag(loader.parse_spec(SPEC)).task_dict["start_scoring"]
    run = start.execute(context(**changes))
    assert run == {"score_date": day, "workflow_id": "score/1", "status": "running"}
    method, path, body, sent = api.asked[0]
    assert (method, path, body) == ("POST", "/v1/pairs/default_risk/repayment_behaviour/scores", {"score_date": day})
    assert sent["Authorization"] == "Bearer mr_key"


# Days with clock changes. test/unit/scoring/ticks.test.ts and the tests of Temporal's Schedules read the same file.
CLOCK_CHANGES = json.loads((Path(__file__).parent / "clock_changes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CLOCK_CHANGES, ids=lambda case: case["name"])
def test_airflow_ticks_on_each_day_once_when_the_clocks_change(loader: ModuleType, case: dict[str, Any]) -> None:
    ticks = list(airflow_ticks(case))
    # If several times are skipped on one day, Airflow uses the first.
    assert {tick.strftime("%Y-%m-%dT%H:%M:%SZ") for tick in ticks} <= {at for at, _ in case["ticks"]}
    days = {loader.day_of_tick(tick, case["schedule"], case["timezone"]).isoformat() for tick in ticks}
    assert days == {day for _, day in case["ticks"]}


def airflow_ticks(case: dict[str, Any]) -> Iterator[datetime]:
    """What Airflow's own scheduler gives for the schedule, from the first to the last tick of the case."""
    timetable = CronTriggerTimetable(case["schedule"], timezone=case["timezone"])
    instants = [datetime.fromisoformat(at) for at, _ in case["ticks"]]
    restriction = TimeRestriction(earliest=pendulum.instance(instants[0]), latest=None, catchup=True)
    run = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
    while run is not None and run.run_after <= instants[-1]:
        yield run.run_after
        run = timetable.next_dagrun_info(last_automated_data_interval=run.data_interval, restriction=restriction)


def test_a_refusal_fails_the_task_for_good_with_code_and_remedy(loader: ModuleType, api: Api) -> None:
    problem = {"code": "NO_LIVE_VERSION", "detail": "no version is live", "remedy": "Deploy one."}
    api.answers = [(409, problem, {}), (503, {}, {}), (429, {}, {})]
    start = loader.scoring_dag(loader.parse_spec(SPEC)).task_dict["start_scoring"]
    with pytest.raises(loader.AirflowFailException, match="409 NO_LIVE_VERSION no version is live Deploy one"):
        start.execute(context())
    # Airflow retries after an outage or a throttled request.
    for _ in range(2):
        with pytest.raises(OSError, match="HTTP"):
            start.execute(context())


def test_waiting_goes_on_through_an_outage_and_ends_with_the_run(loader: ModuleType, api: Api) -> None:
    wait = loader.scoring_dag(loader.parse_spec(SPEC)).task_dict["await_scores"]
    run = {"workflow_id": "score/a b/v1", "status": "running"}
    api.answers = [(200, {"status": "running"}, {}), (502, {}, {}), (200, {"status": "completed", "result": 1}, {})]
    assert [wait.poke(pulled(run)) for _ in range(3)] == [False, False, True]
    assert api.asked[0][1] == "/v1/workflows/score/a%20b/v1"
    assert wait.poke(pulled({"workflow_id": "score/1", "status": "committed"})) is True
    assert len(api.asked) == 3


@pytest.mark.parametrize("status", ["failed", "cancelled", "terminated", "timed_out"])
def test_a_run_that_ended_badly_fails_the_task_with_its_reason(loader: ModuleType, api: Api, status: str) -> None:
    wait = loader.scoring_dag(loader.parse_spec(SPEC)).task_dict["await_scores"]
    failure = {"code": "SCORE_COLUMN_MISSING", "message": "town is gone", "remedy": "Bring it back."}
    api.answers = [(200, {"status": status, "failure": failure}, {})]
    with pytest.raises(loader.AirflowFailException, match=f"{status}: SCORE_COLUMN_MISSING town is gone Bring it back"):
        wait.poke(pulled({"workflow_id": "score/1", "status": "running"}))


def test_url_and_key_can_come_from_an_airflow_connection(
    loader: ModuleType, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MILLRACE_API_URL")
    monkeypatch.delenv("MILLRACE_API_KEY")
    host, port = api.url.removeprefix("http://").split(":")
    connection = {"conn_type": "http", "schema": "http", "host": host, "port": int(port), "password": "mr_secret"}
    monkeypatch.setenv("AIRFLOW_CONN_MILLRACE_API", json.dumps(connection))
    assert loader.api() == (api.url, "mr_secret")
