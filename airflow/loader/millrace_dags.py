"""
The only file that Airflow parses for Millrace. It makes one DAG per spec, which starts a day's scoring through the API
and waits for it.

Put this file into Airflow's DAG folder. It reads these environment variables:

MILLRACE_DAG_SPECS     Where the specs are: a folder of JSON files (synchronised from `airflow/dags/` in the bucket), or
                       the API's base URL. Default: the folder `millrace_specs` beside this file.
MILLRACE_API_URL       Base URL of the API. Default: the Airflow connection `millrace_api` (schema, host, port).
MILLRACE_API_KEY       API key with the role scheduler, in the pairs' teams. Default: that connection's password.
MILLRACE_DAG_CACHE     File that caches the API's last response. Default: AIRFLOW_HOME/millrace-dag-specs.json.
MILLRACE_POLL_SECONDS  Seconds between two polls of a run. Default: 30.

One broken spec must not affect the other DAGs. Airflow records import errors per file, so an error would disable every
DAG of this file. Instead, a broken spec becomes a separate DAG with the tag `millrace-broken`, which fails every day
with the reason. The import fails only if no specs can be read at all. Everything is in one file to make installation
simple.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from airflow.sdk import (
    DAG,
    BaseOperator,
    BaseSensorOperator,
    Connection,
    Context,
    CronTriggerTimetable,
    Param,
    get_parsing_context,
)
from airflow.sdk.exceptions import AirflowFailException
from croniter import croniter

log = logging.getLogger("millrace_dags")

CONNECTION = "millrace_api"
SPEC_VERSION = 1
# Must be below Airflow's own time limit for a parse (30 s).
PARSE_SECONDS = 10
CALL_SECONDS = 60
LONGEST_RUN = timedelta(hours=26)
# No zone in use shifts by more than two hours, so the old offset still applies three hours before a shifted tick.
BEFORE_A_JUMP = timedelta(hours=3)
DAG_ID = re.compile(r"millrace-[a-z0-9_]+-[a-z0-9_]+")
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class BrokenSpecError(ValueError):
    """The reason why a spec cannot become a DAG."""


@dataclass(frozen=True)
class Spec:
    """The DAG of one pair, in the format of airflow/dag-spec.ts."""

    dag_id: str
    model: str
    feature_set: str
    schedule: str
    timezone: str
    start_date: datetime
    enabled: bool


@dataclass(frozen=True)
class BrokenSpec:
    dag_id: str
    reason: str


# --- Specs: parsing the JSON that defines the DAGs -----------------------------------------------------------------


def parse_spec(value: Any) -> Spec:
    """Parses the JSON of a spec. Raises BrokenSpecError with the reason."""
    if not isinstance(value, dict):
        raise BrokenSpecError("not a JSON object")
    if value.get("spec_version") != SPEC_VERSION:
        raise BrokenSpecError(f"spec_version is {value.get('spec_version')!r}; this loader reads {SPEC_VERSION}")
    content = {key: entry for key, entry in value.items() if key != "content_hash"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if value.get("content_hash") != hashlib.sha256(canonical.encode()).hexdigest()[:32]:
        raise BrokenSpecError("content_hash is of another content: the file is cut or was edited")
    try:
        start = datetime.fromisoformat(content["start_date"])
        spec = Spec(
            dag_id=content["dag_id"],
            model=content["model"],
            feature_set=content["feature_set"],
            schedule=content["schedule"],
            timezone=content["timezone"],
            start_date=start,
            enabled=content["enabled"],
        )
        zone = ZoneInfo(spec.timezone)
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise BrokenSpecError(f"{type(error).__name__}: {error}") from error
    if start.utcoffset() != timedelta(0):
        raise BrokenSpecError(f"start_date {content['start_date']!r} is not in UTC")
    if not DAG_ID.fullmatch(spec.dag_id) or not NAME.fullmatch(spec.model) or not NAME.fullmatch(spec.feature_set):
        raise BrokenSpecError("dag_id, model or feature_set is not a plain name")
    if len(spec.schedule.split()) != 5 or not croniter.is_valid(spec.schedule):
        raise BrokenSpecError(f"{spec.schedule!r} is no cron line of five fields (timezone {zone.key})")
    if not isinstance(spec.enabled, bool):
        raise BrokenSpecError("enabled is neither true nor false")
    return spec


def spec_or_broken(name: str, value: Any) -> Spec | BrokenSpec:
    """`name` is a file's name without `.json`. It names the DAG if the content is invalid."""
    try:
        spec = parse_spec(value)
        if spec.dag_id != name:
            raise BrokenSpecError(f"dag_id {spec.dag_id!r} does not belong into {name}.json")
    except BrokenSpecError as error:
        log.warning("DAG spec %s is broken: %s", name, error)
        return BrokenSpec(dag_id=re.sub(r"[^A-Za-z0-9_.-]", "_", name)[:200] or "millrace-unnamed", reason=str(error))
    return spec


def specs_in_folder(folder: Path) -> list[Spec | BrokenSpec]:
    """Reads every `*.json` of the folder, sorted by name. Raises if the folder itself cannot be read."""
    found: list[Spec | BrokenSpec] = []
    for path in sorted(path for path in folder.iterdir() if path.suffix == ".json"):
        try:
            value: Any = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            value = None
            log.warning("%s cannot be read: %s", path, error)
        found.append(spec_or_broken(path.stem, value))
    return found


def specs_from_answer(answer: Any) -> list[Spec | BrokenSpec]:
    """Parses the response of `GET /v1/dag-specs`. Raises ValueError if it has another shape."""
    if not isinstance(answer, dict) or not all(isinstance(answer.get(part), list) for part in ("specs", "invalid")):
        raise ValueError("the answer is none of /v1/dag-specs")
    specs = [
        spec_or_broken(str(value.get("dag_id")) if isinstance(value, dict) else "millrace-unnamed", value)
        for value in answer["specs"]
    ]
    broken = [
        BrokenSpec(Path(key).stem, f"the stored object {key} is no DAG spec; the API's sweep writes it again")
        for key in map(str, answer["invalid"])
    ]
    return sorted([*specs, *broken], key=lambda spec: spec.dag_id)


def specs_from_api(base: str, key: str, cache: Path, *, may_ask: bool) -> list[Spec | BrokenSpec]:
    """
    Fetches all specs in one request with If-None-Match. If the API does not respond, the cached response is used, since
    an outage must not remove DAGs. `may_ask=False` (the start of a task) uses the cache without a request, if there is
    one.
    """
    kept = read_cache(cache, base)
    if kept is not None and not may_ask:
        return specs_from_answer(kept["answer"])
    request = urllib.request.Request(f"{base}/v1/dag-specs", headers=headers(key))
    if kept is not None:
        request.add_header("If-None-Match", kept["etag"])
    try:
        with urllib.request.urlopen(request, timeout=PARSE_SECONDS) as response:
            answer = json.load(response)
            specs = specs_from_answer(answer)
            write_cache(cache, {"base": base, "etag": response.headers["ETag"], "answer": answer})
            return specs
    except (OSError, ValueError) as error:
        if kept is None:
            raise
        if not (isinstance(error, urllib.error.HTTPError) and error.code == 304):
            log.warning("%s does not answer (%s); the specs of %s count", base, error, cache)
        return specs_from_answer(kept["answer"])


def read_cache(path: Path, base: str) -> Any:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept if kept["base"] == base and specs_from_answer(kept["answer"]) is not None else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # The cache is absent or from another release, so fetch the specs again.


def write_cache(path: Path, kept: dict[str, Any]) -> None:
    """Writes a temporary file and renames it, because several parsers may write at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as draft:
            json.dump(kept, draft)
        Path(draft.name).replace(path)
    except OSError as error:
        log.warning("%s cannot be written: %s", path, error)


# --- Calls from tasks to the API -----------------------------------------------------------------------------------


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Accept": "application/json"} if key else {"Accept": "application/json"}


def api() -> tuple[str, str]:
    """Returns base URL and key, from the environment or from the Airflow connection."""
    url, key = os.environ.get("MILLRACE_API_URL"), os.environ.get("MILLRACE_API_KEY")
    if url is None or key is None:
        connection = Connection.get(CONNECTION)
        host = connection.host if "://" in connection.host else f"{connection.schema or 'https'}://{connection.host}"
        url = url or (f"{host}:{connection.port}" if connection.port else host)
        key = key or connection.password or ""
    return url.rstrip("/"), key


def call(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """
    Returns the JSON of the response. If the request itself is wrong (4xx), the task fails without a retry, with the
    code and remedy from the catalogue. Any other failure is an OSError, which is retried.
    """
    base, key = api()
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}{path}", data=data, method=method, headers=headers(key))
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=CALL_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")
        if error.code >= 500 or error.code in {408, 429}:
            raise OSError(f"{method} {path}: HTTP {error.code} {text[:500]}") from error
        raise AirflowFailException(f"{method} {path}: HTTP {error.code} {problem(text)}") from error


def problem(text: str) -> str:
    """Formats an RFC 9457 response as one line."""
    try:
        value = json.loads(text)
        return " ".join(str(value[part]) for part in ("code", "detail", "message", "remedy") if value.get(part))
    except (ValueError, AttributeError):
        return text[:500]


def score_date(context: Context, schedule: str, timezone: str) -> date:
    """Returns the day given by hand, or the day of the run's tick in the pair's timezone."""
    asked = context["params"].get("score_date")
    if asked:
        return date.fromisoformat(str(asked))
    return day_of_tick(context["dag_run"].logical_date or context["dag_run"].run_after, schedule, timezone)


def day_of_tick(tick: datetime, schedule: str, timezone: str) -> date:
    """
    Returns the day of the wall-clock time that the schedule names, by the rule of scoring/ticks.ts. Airflow shifts a
    time that the clocks skip, and at the end of a day that leads into the next one.
    """
    zone = ZoneInfo(timezone)
    shown = tick.astimezone(zone)
    wall = shown.replace(tzinfo=None, second=0, microsecond=0)
    jump = offset(shown) - offset((tick - BEFORE_A_JUMP).astimezone(zone))
    if jump > timedelta(0) and not croniter.match(schedule, wall) and croniter.match(schedule, wall - jump):
        return (wall - jump).date()
    return wall.date()


def offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta(0)


class StartScoring(BaseOperator):
    """Starts the day's scoring. Idempotent: a repeated start joins the same run or returns the committed scores."""

    def __init__(self, *, spec: Spec, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = f"/v1/pairs/{spec.model}/{spec.feature_set}/scores"
        self.schedule = spec.schedule
        self.timezone = spec.timezone

    def execute(self, context: Context) -> dict[str, Any]:
        day = score_date(context, self.schedule, self.timezone).isoformat()
        answer = call("POST", self.path, {"score_date": day})
        self.log.info("%s: %s (%s)", day, answer["status"], answer["workflow_id"])
        return {"score_date": day, "workflow_id": answer["workflow_id"], "status": answer["status"]}


class AwaitScores(BaseSensorOperator):
    """Polls the run and frees the worker slot between polls (mode `reschedule`). Fails if the run failed."""

    def __init__(self, *, started_by: str, **kwargs: Any) -> None:
        super().__init__(mode="reschedule", **kwargs)
        self.started_by = started_by

    def poke(self, context: Context) -> bool:
        run = context["ti"].xcom_pull(task_ids=self.started_by)
        if run["status"] == "committed":
            return True
        try:
            answer = call("GET", f"/v1/workflows/{quote(run['workflow_id'], safe='/')}")
        except OSError as error:
            self.log.warning("The API does not answer, the next look may: %s", error)
            return False
        status = answer["status"]
        if status in {"running", "paused"}:
            return False
        if status == "completed":
            self.log.info("scored: %s", json.dumps(answer.get("result")))
            return True
        failure = answer.get("failure") or {}
        said = " ".join(str(failure[part]) for part in ("code", "message", "remedy") if failure.get(part))
        raise AirflowFailException(f"{run['workflow_id']} {status}: {said}")


class FailWithReason(BaseOperator):
    def __init__(self, *, reason: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason = reason

    def execute(self, context: Context) -> None:
        raise AirflowFailException(self.reason)


# --- DAGs ----------------------------------------------------------------------------------------------------------


def scoring_dag(spec: Spec) -> DAG:
    pair = f"{spec.model} on {spec.feature_set}"
    with DAG(
        dag_id=spec.dag_id,
        description=f"Daily scores of {pair}",
        schedule=CronTriggerTimetable(spec.schedule, timezone=spec.timezone) if spec.enabled else None,
        start_date=spec.start_date,
        catchup=False,
        # The spec enables or disables a pair. Airflow pauses new DAGs by default, and then no scores would be built.
        is_paused_upon_creation=False,
        tags=["millrace", spec.model] if spec.enabled else ["millrace", spec.model, "scheduled-by-temporal"],
        params={
            "score_date": Param(None, type=["null", "string"], format="date", description="Instead of the run's day")
        },
        default_args={"owner": "millrace"},
        doc_md=f"Starts the day's scoring of **{pair}** through the Millrace API and waits for it. "
        "The API scores the version that is live when the run starts.",
    ) as dag:
        start = StartScoring(
            task_id="start_scoring",
            spec=spec,
            retries=5,
            retry_delay=timedelta(seconds=30),
            retry_exponential_backoff=True,
        )
        wait = AwaitScores(
            task_id="await_scores",
            started_by=start.task_id,
            poke_interval=float(os.environ.get("MILLRACE_POLL_SECONDS", "30")),
            timeout=LONGEST_RUN.total_seconds(),
        )
        start >> wait
    return dag


def broken_dag(broken: BrokenSpec) -> DAG:
    with DAG(
        dag_id=broken.dag_id,
        description=f"Broken spec: {broken.reason}"[:200],
        schedule="@daily",
        start_date=datetime(2020, 1, 1, tzinfo=UTC),
        catchup=False,
        is_paused_upon_creation=False,
        tags=["millrace", "millrace-broken"],
        default_args={"owner": "millrace"},
        doc_md=f"The spec of this DAG cannot be used, so **nothing is scored**: {broken.reason}",
    ) as dag:
        FailWithReason(task_id="spec_is_broken", reason=broken.reason)
    return dag


def load() -> dict[str, DAG]:
    """Returns all DAGs. At the start of a task, returns only the task's own DAG."""
    wanted = get_parsing_context().dag_id
    where = os.environ.get("MILLRACE_DAG_SPECS", str(Path(__file__).parent / "millrace_specs"))
    if where.startswith(("http://", "https://")):
        home = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser()
        cache = Path(os.environ.get("MILLRACE_DAG_CACHE", home / "millrace-dag-specs.json"))
        key = os.environ.get("MILLRACE_API_KEY", "")
        specs = specs_from_api(where.rstrip("/"), key, cache, may_ask=wanted is None)
        if wanted is not None and all(spec.dag_id != wanted for spec in specs):
            specs = specs_from_api(where.rstrip("/"), key, cache, may_ask=True)
    else:
        specs = specs_in_folder(Path(where))
    return {
        spec.dag_id: scoring_dag(spec) if isinstance(spec, Spec) else broken_dag(spec)
        for spec in specs
        if wanted is None or spec.dag_id == wanted
    }


globals().update(load())
