"""
Answers SQL with a real Spark: one JSON request a line, one JSON answer a line.

  {"id": 1, "tables": {"t": "/folder/t.parquet"}}  registers temporary views
  {"id": 2, "sql": "SELECT 1 AS x"}                runs a query

An answer is {"id", "columns": [{"name", "type"}], "rows"} or {"id", "error": {"class", "message"}}. Requests arrive on
standard input, or with `--socket <path>` also on connections to that socket, each with views of its own. A connection
runs `--at-once` requests at a time, so a client awaits the answer about its tables before it sends queries. The
process ends with its standard input.
"""

import argparse
import json
import logging
import os
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from typing import Any, BinaryIO

from encoding import encoder_of_rows, readable, type_of
from py4j.protocol import Py4JNetworkError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    # What the reference is: UTC, ANSI off.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    # A text with ${...} is that text.
    "spark.sql.variable.substitute": "false",
    # Dates before 1582 in files that Spark did not write.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    # Small data: one partition and the plan as it is.
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.files.minPartitionNum": "1",
    "spark.sql.adaptive.enabled": "false",
}

# A process of minutes gains more from a short start than from the best machine code.
JAVA_OPTIONS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8"]

# Compiling each query costs more than running it. The meaning is the same.
INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


def start(at_once: int, folder: str, compiled: bool) -> SparkSession:
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master(f"local[{at_once}]").appName("oracle")
    settings = {
        **SETTINGS,
        **({} if compiled else INTERPRETED),
        "spark.driver.extraJavaOptions": " ".join([*JAVA_OPTIONS, f"-XX:ErrorFile={folder}/java-crash.log"]),
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": folder,
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def answer(session: SparkSession, request: dict[str, Any]) -> dict[str, Any]:
    try:
        for name, path in request.get("tables", {}).items():
            session.read.parquet(path).createOrReplaceTempView(name)
        return run(session, request["sql"]) if "sql" in request else {}
    except (Py4JNetworkError, ConnectionRefusedError):
        # Without its Java process, this one can answer nothing.
        os._exit(1)
    except Exception as error:
        return {"error": {"class": class_of(error), "message": str(error).split("\n\nJVM stacktrace")[0]}}


def run(session: SparkSession, sql: str) -> dict[str, Any]:
    frame = session.sql(sql)
    columns = [{"name": field.name, "type": type_of(field.dataType)} for field in frame.schema.fields]
    shown = readable(frame)
    encode = encoder_of_rows(shown.schema)
    return {"columns": columns, "rows": [encode(row) for row in shown.collect()]}


def class_of(error: Exception) -> str:
    condition = error.getCondition() if isinstance(error, PySparkException) else None
    return condition or type(error).__name__


def serve(session: SparkSession, requests: Iterable[bytes], answers: BinaryIO, at_once: int) -> None:
    """Answers until the requests end. Answers come in the order in which they are ready."""
    writing = threading.Lock()

    def handle(line: bytes) -> None:
        request = json.loads(line)
        text = json.dumps({"id": request["id"], **answer(session, request)})
        with writing:
            answers.write(text.encode() + b"\n")
            answers.flush()

    with ThreadPoolExecutor(at_once) as threads:
        # A failed write means that the reader is gone, and then its requests end too.
        for line in requests:
            threads.submit(handle, line)


def listen(session: SparkSession, path: str, at_once: int) -> None:
    class Connection(StreamRequestHandler):
        def handle(self) -> None:
            serve(session.newSession(), self.rfile, self.wfile, at_once)  # type: ignore[arg-type]

    Path(path).unlink(missing_ok=True)
    os.umask(0o077)
    server = ThreadingUnixStreamServer(path, Connection)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True, help="for temporary files")
    parser.add_argument("--socket", help="path of a Unix socket to listen on")
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--compiled", action="store_true", help="generate code, as Spark does by default")
    args = parser.parse_args()

    # Spark's own output must not mix with the answers, and errors are answers.
    logging.disable()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    session = start(args.at_once, args.folder, args.compiled)
    if args.socket is not None:
        listen(session, args.socket, args.at_once)
    answers.write(b'{"id": 0}\n')
    answers.flush()
    serve(session, sys.stdin.buffer, answers, args.at_once)
    if args.socket is not None:
        Path(args.socket).unlink(missing_ok=True)
    session.stop()


if __name__ == "__main__":
    main()
