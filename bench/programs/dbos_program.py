"""DBOS Transact: ``install`` | ``worker`` | ``workflows N`` | what ``enqueuing`` says.

Settings: BENCH_URL, BENCH_OPTIONS (JSON: ``concurrency``, ``polling`` in seconds).
"""

# pyright: reportMissingImports=false, reportUnknownVariableType=false
# (runs in the peer's own virtual environment)

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading

from dbos import DBOS, DBOSClient
from enqueuing import CHUNK, enqueue
from recorder import Recorder

URL = os.environ["BENCH_URL"]
NAME = "bench"
VERSION = "1"


def _launch() -> None:
    options = json.loads(os.environ["BENCH_OPTIONS"])
    DBOS(
        config={
            "name": NAME,
            "system_database_url": URL,
            "application_version": VERSION,
            "log_level": "ERROR",
            "sys_db_pool_size": options["pool"],
        }
    )
    if sys.argv[1] == "worker":
        _register_workflows()
    DBOS.launch()
    DBOS.register_queue("bench", worker_concurrency=options["concurrency"], polling_interval_sec=options["polling"])


def _register_workflows() -> None:
    recorder = Recorder() if "BENCH_RECORD" in os.environ else None

    @DBOS.workflow(name="noop")
    async def noop(number: int) -> None:
        if recorder is not None:
            recorder.ran(number)

    @DBOS.step(name="step")
    async def step() -> None:
        pass

    @DBOS.workflow(name="three")
    async def three() -> None:
        await step()
        await step()
        await step()


def _worker() -> None:
    _launch()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.wait(1):
        pass
    DBOS.destroy()


def _enqueue() -> None:
    client = DBOSClient(system_database_url=URL, application_name=NAME)
    noop = {"workflow_name": "noop", "queue_name": "bench", "app_version": VERSION}

    async def one(number: int) -> None:
        client.enqueue(noop, number)  # synchronous: faster than its asyncio twin, which takes a thread for it

    async def many(numbers: list[int], options: dict[str, str] = noop) -> None:
        with client._sys_db.engine.begin() as connection:  # noqa: SLF001 (or a second pool of one's own to the same)
            for number in numbers:
                client.enqueue_in_transaction(connection, options, *([number] if options is noop else []))

    if sys.argv[1] == "workflows":
        count = int(sys.argv[2])
        for first in range(0, count, CHUNK):
            asyncio.run(many(list(range(first, min(first + CHUNK, count))), noop | {"workflow_name": "three"}))
    else:
        asyncio.run(enqueue(one, many))
    client.destroy()


if sys.argv[1] == "worker":
    _worker()
elif sys.argv[1] == "install":
    _launch()
    DBOS.destroy()
else:
    _enqueue()
