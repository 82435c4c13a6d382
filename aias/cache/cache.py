"""``Cache``: values read through PostgreSQL and the process's memory, each computed once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Self
from uuid import UUID
from weakref import WeakValueDictionary

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg_pool import PoolTimeout

from aias.cache.memory import Memory, Place
from aias.cache.queries import Begun, Uses, begin_cached, end_cached, note_cache_uses
from aias.db import CancellablePool, Pool, configure_connection, connection_options, is_open, loads

__all__ = ["Cache"]

_log = structlog.stdlib.get_logger(__name__)

_PATIENCE = 0.3
"""Seconds that the cache may take for an answer; then the value is computed without it."""
_AWAY_FOR = 2.0
_LEASE = 10.0
_FIRST_LOOK, _LONGEST_LOOK = 0.01, 0.2
_WRITE_USES_EVERY = 5.0
_LISTEN_ROUND = 15.0
_LISTEN_AGAIN = 2.0
_FAILURES = (psycopg.Error, PoolTimeout, TimeoutError)

_Compute = Callable[[], Awaitable[Any]]


class Cache:
    """The cache, with two connections and a listener of its own; ``async with`` opens and closes it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._memory = Memory()
        self._uses: dict[str, Uses] = {}
        self._computing: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()
        self._away_until = 0.0
        self._work: list[asyncio.Task[None]] = []
        self._pool: Pool = CancellablePool(
            url,
            min_size=1,
            max_size=2,
            open=False,
            configure=configure_connection,
            check=is_open,
            reconnect_timeout=_AWAY_FOR,
            kwargs=connection_options("aias cache"),
        )

    async def __aenter__(self) -> Self:
        """Begin; a database that is away now may come later."""
        await self._pool.open(wait=False)
        self._work = [asyncio.create_task(self._listen()), asyncio.create_task(self._write_uses())]
        return self

    async def __aexit__(self, *error: object) -> None:
        """End; uses that were not written down yet are."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        with contextlib.suppress(*_FAILURES):
            await self._write_uses_now()
        await self._pool.close(timeout=_AWAY_FOR)

    async def through(
        self,
        namespace: str,
        key: str,
        compute: _Compute,
        *,
        ttl: float,
        tags: Sequence[str] = (),
        tenant_id: UUID | None = None,
    ) -> Any:
        """Give a value: from memory, from PostgreSQL, or computed (and then kept for ``ttl`` seconds, more or less).

        Of all that ask at a time one computes, and the others wait for it, ten seconds at most. What ``compute``
        gives must be JSON; what it raises is raised here, and nothing is kept. It may run although another one runs,
        when the cache does not answer: that only costs time.
        """
        place = Place(tenant_id, namespace, key)
        text = self._remembered(place)
        if text is None:
            # what this process wants more than once at a time it asks for once
            lock = self._computing.setdefault(place, asyncio.Lock())
            async with lock:
                text = self._remembered(place)
                if text is None:
                    text = await self._asked(place, compute, timedelta(seconds=ttl), tags)
        return loads(text)

    def forget(self, tag: str, *, tenant_id: UUID | None = None) -> None:
        """Drop what this process remembers under a tag: who has just changed something does not wait to hear of it."""
        self._memory.changed(tenant_id, tag)

    def _remembered(self, place: Place) -> str | None:
        text = self._memory.get(place)
        if text is not None:
            self._count(place).memory_hit_count += 1
        return text

    async def _asked(self, place: Place, compute: _Compute, ttl: timedelta, tags: Sequence[str]) -> str:
        epoch, uses = self._memory.epoch, self._count(place)
        until, pause, has_waited = time.monotonic() + _LEASE, _FIRST_LOOK, False
        while True:
            begun = await self._begin(place, tags)
            if begun is None or begun.state != "wait" or time.monotonic() >= until:
                break
            if not has_waited:
                uses.wait_count += 1
                has_waited = True
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_LOOK)
            epoch = self._memory.epoch
        if begun is not None and begun.value is not None:
            uses.hit_count += 1
            self._memory.put(place, begun.value, tags=tags, ttl=ttl.total_seconds(), epoch=epoch)
            return begun.value
        uses.miss_count += 1
        lease = begun.lease if begun is not None else None
        try:
            text = json.dumps(await compute(), allow_nan=False, ensure_ascii=False)
        except BaseException:
            if lease is not None:
                await self._end(place, lease, None, ttl)
            raise
        if lease is not None and await self._end(place, lease, text, ttl):
            self._memory.put(place, text, tags=tags, ttl=ttl.total_seconds(), epoch=epoch)
        return text

    async def _begin(self, place: Place, tags: Sequence[str]) -> Begun | None:
        """Ask the cache; None where it does not answer."""
        try:
            async with self._connection() as conn:
                return await begin_cached(
                    conn,
                    place.tenant_id,
                    place.namespace,
                    place.key,
                    tags=tags,
                    lease=timedelta(seconds=_LEASE),
                )
        except _FAILURES as error:
            self._fail(place, error)
            return None

    async def _end(self, place: Place, lease: UUID, text: str | None, ttl: timedelta) -> bool:
        """Store the value, or give the lease back; what does not work out ends with the lease by itself."""
        try:
            async with self._connection() as conn:
                await end_cached(conn, place.tenant_id, place.namespace, place.key, lease=lease, value=text, ttl=ttl)
        except _FAILURES as error:
            self._fail(place, error)
            return False
        return True

    def _fail(self, place: Place, error: Exception) -> None:
        self._count(place).failure_count += 1
        if time.monotonic() >= self._away_until:
            _log.warning("the cache does not answer", reason=str(error).split("\n", 1)[0] or type(error).__name__)
        self._away_until = time.monotonic() + _AWAY_FOR

    def _count(self, place: Place) -> Uses:
        return self._uses.setdefault(place.namespace, Uses(namespace=place.namespace))

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[AsyncConnection[Any]]:
        """Lend a connection for one call.

        Raises:
            TimeoutError: the cache did not answer a moment ago, or does not now.
        """
        if time.monotonic() < self._away_until:
            raise TimeoutError("the cache did not answer a moment ago")
        async with asyncio.timeout(_PATIENCE), self._pool.connection() as conn:
            yield conn

    async def _listen(self) -> None:
        """Hear of changes for as long as the process lives; while nobody hears, nothing is kept in memory."""
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._url, **connection_options("aias cache listener")
                ) as conn:
                    await conn.execute("listen aias_cache")
                    self._memory.turn(on=True)
                    while True:
                        async for notice in conn.notifies(timeout=_LISTEN_ROUND):
                            self._hear(notice.payload)
                        await conn.execute("select 1")
            except psycopg.Error as error:
                _log.warning("changes of the cache are not heard of", reason=str(error).split("\n", 1)[0])
            finally:
                self._memory.turn(on=False)
            await asyncio.sleep(_LISTEN_AGAIN)

    def _hear(self, payload: str) -> None:
        try:
            told = loads(payload)
            tenant, tag = told["tenant"], str(told["tag"])
            self._memory.changed(None if tenant is None else UUID(tenant), tag)
        except (ValueError, KeyError, TypeError):  # not ours
            self._memory.clear()

    async def _write_uses(self) -> None:
        while True:
            await asyncio.sleep(_WRITE_USES_EVERY)
            with contextlib.suppress(*_FAILURES):  # kept for the next time
                await self._write_uses_now()

    async def _write_uses_now(self) -> None:
        uses, self._uses = self._uses, {}
        if not uses:
            return
        try:
            async with self._connection() as conn:
                await note_cache_uses(conn, list(uses.values()))
        except BaseException:
            for namespace, lost in uses.items():
                mine = self._uses.setdefault(namespace, Uses(namespace=namespace))
                for name in ("memory_hit_count", "hit_count", "miss_count", "wait_count", "failure_count"):
                    setattr(mine, name, getattr(mine, name) + getattr(lost, name))
            raise
