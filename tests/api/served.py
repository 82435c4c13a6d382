"""``aias serve`` in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from aias.api import create_api_key
from aias.tenants import create_tenant

__all__ = ["Served", "start"]


@dataclass(slots=True, kw_only=True)
class Served:
    process: asyncio.subprocess.Process
    client: httpx.AsyncClient
    url: str
    token: str
    """Of an operator's key."""
    tenant: str

    async def status(self, path: str) -> int:
        return (await self.client.get(path)).status_code

    async def becomes(self, path: str, status: int) -> None:
        """Ask until the answer is the one that is expected."""
        for _ in range(600):
            if await self.status(path) == status:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{path} does not become {status}")

    async def stop(self) -> None:
        await self.client.aclose()
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


async def start(conn: psycopg.AsyncConnection[Any], url: str, home: Path, *, drain: float) -> Served:
    """Serve the database at ``url`` on a free port; there are a tenant and an operator's key of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "aias", "serve", "--port=0", f"--drain={drain}", "--json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "AIAS_HOME": str(home), "DATABASE_URL": url},
    )  # fmt: skip
    assert process.stdout is not None
    text = ""
    async with asyncio.timeout(60):
        while not text.endswith("}\n"):
            text += (await process.stdout.readline()).decode()
    tenant = f"served-{process.pid}"
    await create_tenant(conn, slug=tenant)
    key = await create_api_key(conn, tenant=None, name="test", scopes=["*"], requests_per_minute=1_000_000)
    served = json.loads(text)["url"]
    client = httpx.AsyncClient(base_url=served, headers={"Authorization": f"Bearer {key.token}"}, timeout=30)
    return Served(process=process, client=client, url=served, token=key.token, tenant=tenant)
