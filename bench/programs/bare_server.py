"""An endpoint that inserts one row per request, served as ``aias serve`` is: the same server, settings and pool.

Says the URL, as ``aias serve`` does, and ends with SIGTERM.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from psycopg.types.json import Jsonb

from aias.api import Server
from aias.api.services import Services
from aias.logs import configure_logs
from aias.settings import get_settings

_settings = get_settings()
_services = Services.of(_settings)
_database = _services.database


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncGenerator[None]:
    await _database.open()
    try:
        yield
    finally:
        await _database.close()


_app = FastAPI(lifespan=_lifespan, openapi_url=None)
_app.state.services = _services


@_app.post("/bare", status_code=202)
async def insert(request: Request) -> dict[str, str]:
    """Keep the body."""
    payload = await request.json()
    async with _database.connection() as conn:
        await conn.execute("insert into public.bare (payload) values (%s)", (Jsonb(payload),))
    return {"status": "taken"}


async def _main() -> None:
    server = Server(_app, _settings, host="127.0.0.1", port=0)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    serving = asyncio.create_task(server.serve(stop))
    await server.started()
    print(server.url, flush=True)
    await serving


configure_logs(_settings.log_level)
asyncio.run(_main())
