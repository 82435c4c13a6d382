"""What tenants may use and what has reached them, as a process knows it: read rarely, good for seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from aias.errors import Deferred
from aias.plugins import queries

__all__ = ["forget_rules", "is_flag_on", "pass_gates", "refused_of"]

Pool = AsyncConnectionPool[AsyncConnection[Any]]
Value = TypeVar("Value")

_GOOD_FOR: Final = 5.0
"""Seconds that what was read is gone by."""
_MOST: Final = 10_000
"""Tenants that are remembered."""
_BACK_IN: Final = 3600.0
"""Seconds after which a step looks again at a gate that stays closed until it is opened; opening it wakes the step."""


class _Kept(Generic[Value]):
    """What was read for each tenant, per pool."""

    def __init__(self, read: Callable[[AsyncConnection[Any], str], Awaitable[Value]]) -> None:
        self._read = read
        self._known: WeakKeyDictionary[Pool, OrderedDict[str, tuple[float, Value]]] = WeakKeyDictionary()

    async def of(self, pool: Pool, tenant: str) -> Value:
        known = self._known.setdefault(pool, OrderedDict())
        kept = known.get(tenant)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        async with pool.connection() as conn:
            value = await self._read(conn, tenant)
        known[tenant] = (time.monotonic() + _GOOD_FOR, value)
        known.move_to_end(tenant)
        while len(known) > _MOST:
            known.popitem(last=False)
        return value

    def forget(self) -> None:
        self._known.clear()


_refused = _Kept(queries.refused_plugins)
_flags = _Kept(queries.enabled_flags)


async def refused_of(pool: Pool, tenant: str) -> dict[str, str | None]:
    """Give the plugins that a tenant may not use, with the reasons; at most five seconds old.

    Raises:
        NotFound: there is no such tenant.
    """
    return await _refused.of(pool, tenant)


async def is_flag_on(pool: Pool, flag: str, tenant: str) -> bool:
    """Whether a flag is on for a tenant; at most five seconds old, and one read for all flags of a tenant.

    Raises:
        NotFound: there is no such tenant.
    """
    return flag in await _flags.of(pool, tenant)


def forget_rules() -> None:
    """Read everything anew when it is next asked for."""
    _refused.forget()
    _flags.forget()


async def pass_gates(pool: Pool, tenant_id: UUID, kinds: Sequence[str]) -> None:
    """Return where no gate of these kinds is closed for a tenant.

    Raises:
        Deferred: one is; the step comes back when its time is up, or is woken when it is opened.
    """
    async with pool.connection() as conn:
        closed = await queries.closed_gate(conn, tenant_id, kinds)
    if closed is None:
        return
    raise Deferred(
        f"the gate {closed.gate} is closed: {closed.reason or 'no reason is known'}",
        kind="gate",
        until=closed.until,
        seconds=_BACK_IN if closed.until is None else None,
        detail={"gate": closed.gate},
    )
