"""The gallery comes along with every worker."""

from __future__ import annotations

import asyncio
import contextlib

import psycopg

from aias.jobs import AiasConnector, app
from aias.templates import read_library


async def test_a_worker_brings_the_gallery_of_its_release(database_url: str) -> None:
    app.perform_import_paths()
    with app.replace_connector(AiasConnector(url=database_url)) as replaced:
        async with replaced.open_async():
            task = asyncio.create_task(
                replaced.run_worker_async(install_signal_handlers=False, shutdown_graceful_timeout=0)
            )
            try:
                async with (
                    await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn,
                    asyncio.timeout(20),
                ):
                    count = 0
                    while count == 0:
                        row = await (await conn.execute("select count(*) from aias.templates")).fetchone()
                        count = 0 if row is None else row[0]
                        await asyncio.sleep(0.05)
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
    assert count == len(read_library())
