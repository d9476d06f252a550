"""
`python -m millrace_trainer` runs the job whose input is at MILLRACE_JOB_INPUT_URI. Its exit code determines
whether and how the job is retried.

`python -m millrace_trainer fit …` does the same on a laptop, from YAML and one local Parquet file.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from .errors import EXIT_OK, EXIT_PREEMPTED, TrainerError
from .log import log

# Run linear algebra on one thread: the order of its sums, and so the last bits of a model, depend on the thread count.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"
# Make waiting threads sleep, because spinning threads starve each other on shared cores.
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def _terminate(error: TrainerError) -> int:
    """Writes the reason to the termination log, which the platform reads, and to the log. Returns the exit code."""
    message = error.termination()
    path = os.environ.get("MILLRACE_TERMINATION_LOG")
    if path:
        Path(path).write_text(json.dumps(message))
    log("failed", level="error", exit_code=error.exit_code, **message)
    return error.exit_code


def _end_on_sigterm() -> None:
    """Handles SIGTERM in a thread of its own, because the main thread may be in native code for a long time."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def wait() -> None:
        signal.sigwait({signal.SIGTERM})
        _terminate(TrainerError("TRAINING_PREEMPTED", "The job was asked to stop (SIGTERM)."))
        os._exit(EXIT_PREEMPTED)

    threading.Thread(target=wait, daemon=True).start()


def _job() -> None:
    from .job_input import read_input
    from .spec import parse_spec

    spec = parse_spec(read_input())
    os.environ.setdefault("OMP_NUM_THREADS", str(spec.threads))
    started = time.monotonic()
    log("started", model=spec.model, feature_set=spec.feature_set, training_id=spec.training_id)
    if spec.imported is None:
        from .job import run
    else:
        from .imported import run

    log("loaded", seconds=round(time.monotonic() - started, 3))
    outcome = run(spec)
    log(
        "finished",
        seconds=round(time.monotonic() - started, 3),
        metrics=outcome["metrics"],
        gates=outcome["gates"],
    )


def _guarded(action: Callable[[], None]) -> int:
    try:
        action()
        return EXIT_OK
    except TrainerError as error:
        return _terminate(error)
    except MemoryError as error:
        return _terminate(TrainerError("TRAINING_OUT_OF_MEMORY", f"Memory ran out: {str(error)[:200]}"))
    except Exception as error:
        traceback.print_exc()
        return _terminate(TrainerError("TRAINING_CRASHED", f"{type(error).__name__}: {str(error)[:300]}"))


def main() -> int:
    _end_on_sigterm()
    if len(sys.argv) > 1:
        from .laptop import main as laptop

        return _guarded(lambda: laptop(sys.argv[1:]))
    return _guarded(_job)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)
