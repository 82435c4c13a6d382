"""Archiving with a fault at one point: ``python -m tests.archive.fault_points TABLE PARTITION``.

``AIAS_FAULT`` names the point, ``<before|after>:<function>``; the process ends there with SIGKILL.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from pyarrow import parquet

from aias.archive import archive_partition, archiving
from aias.archive.stores import Place
from aias.db import open_pool

FUNCTIONS: tuple[tuple[Any, str], ...] = (
    (archiving, "begin_archive"),
    (archiving, "open_archive"),
    (parquet.ParquetWriter, "write_table"),
    (Place, "finish"),
    (Place, "write"),
    (archiving, "record_archive_written"),
    (archiving, "record_archive_verified"),
)
"""What is called on the way, in the order of the first calls."""


def faulty(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def strike(when: str) -> None:
        if os.environ.get("AIAS_FAULT") == f"{when}:{name}":
            os.kill(os.getpid(), signal.SIGKILL)

    async def awaited(*given: Any, **named: Any) -> Any:
        strike("before")
        result = await function(*given, **named)
        strike("after")
        return result

    def called(*given: Any, **named: Any) -> Any:
        strike("before")
        result = function(*given, **named)
        strike("after")
        return result

    return awaited if inspect.iscoroutinefunction(function) else called


async def main(table: str, partition: str) -> None:
    async with await open_pool(os.environ["DATABASE_URL"], max_size=2) as pool:
        await archive_partition(pool, table, partition)


if __name__ == "__main__":
    setattr(archiving, "_GROUP_ROWS", 1000)  # noqa: B010 (a patch of what is not ours to assign)
    for owner, name in FUNCTIONS:
        setattr(owner, name, faulty(getattr(owner, name), name))
    asyncio.run(main(sys.argv[1], sys.argv[2]))
