"""PgQueuer: ``install`` | ``worker`` | what ``enqueuing`` says. Settings: BENCH_URL, BENCH_BATCH."""

# pyright: reportMissingImports=false, reportUnknownVariableType=false
# (runs in the peer's own virtual environment)

from __future__ import annotations

import asyncio
import os
import signal
import sys

import asyncpg
import uvloop
from enqueuing import enqueue
from pgqueuer import PgQueuer, Queries
from pgqueuer.db import AsyncpgDriver
from recorder import Recorder


async def _worker(connection: asyncpg.Connection) -> None:
    recorder = Recorder()
    queuer = PgQueuer.from_asyncpg_connection(connection)

    @queuer.entrypoint("noop")
    async def noop(job) -> None:  # noqa: ANN001 (the type is read by PgQueuer)
        recorder.ran(int(job.payload))

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, queuer.shutdown.set)
    await queuer.run(batch_size=int(os.environ["BENCH_BATCH"]))


async def _main() -> None:
    connection = await asyncpg.connect(os.environ["BENCH_URL"])
    queries = Queries(AsyncpgDriver(connection))
    if sys.argv[1] == "install":
        await queries.install()
    elif sys.argv[1] == "worker":
        await _worker(connection)
    else:
        await enqueue(
            lambda number: queries.enqueue("noop", b"%d" % number),
            lambda numbers: queries.enqueue(
                ["noop"] * len(numbers), [b"%d" % number for number in numbers], [0] * len(numbers)
            ),
        )
    await connection.close()


uvloop.run(_main())
