"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import NotFound, translated

__all__ = [
    "ApiServer",
    "BloatedIndex",
    "Health",
    "OrphanKind",
    "Problem",
    "api_servers",
    "bloated_indexes",
    "checks_of",
    "database_figures",
    "find_orphans",
    "forget_api_server",
    "get_health",
    "invalid_copies",
    "list_health",
    "look_at_health",
    "note_api_server",
    "note_health",
]

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that a check found."""

    object: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one check is, by its last look (``aias.health_checks``)."""

    name: str
    cadence: str
    status: str
    is_vital: bool
    since: datetime | None
    checked_at: datetime | None
    latency_ms: float | None
    problem_count: int
    detail: str | None
    problems: list[dict[str, str]]
    is_fresh: bool
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanKind:
    """What is left over of one kind (``aias.find_orphans``)."""

    kind: str
    policy: str
    row_count: int
    repaired_count: int
    samples: list[dict[str, Any]]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServer:
    """An HTTP server that registered itself, and for how long it has said nothing."""

    id: UUID
    url: str
    host_name: str
    silence: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class BloatedIndex:
    """An index that is more than twice as large as its entries need, in bytes; the name is qualified and quoted."""

    index_name: str
    table_name: str
    size_bytes: int
    expected_bytes: int


async def list_health(conn: Connection, *, name: str | None = None) -> list[Health]:
    """Give every check, or one, with its latest state; those that fail first, the vital ones before the others."""
    async with conn.cursor(row_factory=class_row(Health)) as cursor:
        await cursor.execute(
            "select c.name, c.cadence, c.status, c.is_vital, c.since, c.checked_at, c.latency_ms, c.problem_count,"
            " c.detail, c.problems, c.is_fresh, c.description"
            " from aias.health_checks as c where %(name)s::text is null or c.name = %(name)s"
            " order by c.status <> 'failing', not c.is_vital, c.name",
            {"name": name},
        )
        return await cursor.fetchall()


async def get_health(conn: Connection, name: str) -> Health:
    """Give one check with its latest state.

    Raises:
        NotFound: there is no such check, or it is switched off.
    """
    found = await list_health(conn, name=name)
    if not found:
        raise NotFound(f"there is no check {name!r}", argument="p_check")
    return found[0]


async def checks_of(conn: Connection, cadence: str) -> list[str]:
    """Give the names of the checks that the database makes at this cadence."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select c.name from aias_private.health_checks as c"
            " where c.cadence = %s and c.runs_in = 'sql' and c.is_enabled order by c.name",
            (cadence,),
        )
        return await cursor.fetchall()


async def look_at_health(conn: Connection, name: str) -> bool:
    """Make one check now and keep what it finds; gives whether its status has changed.

    Raises:
        NotFound: there is no such check.
        InvalidArgument: it is one that the database can't make.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute("select aias_private.look_at_health(%s)", (name,))
        (changed,) = await cursor.fetchall()
        return changed


async def note_health(
    conn: Connection,
    name: str,
    *,
    latency_ms: float,
    problems: Sequence[Problem],
    figures: dict[str, Any] | None = None,
) -> bool:
    """Keep what a look from outside the database found; gives whether the check's status has changed.

    Raises:
        NotFound: there is no such check.
    """
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute(
                "select aias_private.note_health(%s, %s, %s, %s)",
                (name, latency_ms, Jsonb([asdict(problem) for problem in problems]), Jsonb(figures or {})),
            )
        (changed,) = await cursor.fetchall()
        return changed


async def find_orphans(conn: Connection, *, repair: bool = False) -> list[OrphanKind]:
    """Find what is left over where no key holds it, and repair the kinds that may be where ``repair`` says so.

    Raises:
        Forbidden: the caller is confined to a tenant.
    """
    async with conn.cursor(row_factory=class_row(OrphanKind)) as cursor:
        with translated():
            await cursor.execute(
                "select o.kind, o.policy, o.row_count, o.repaired_count, o.samples, o.description"
                " from aias.find_orphans(%s) as o",
                (repair,),
            )
        return await cursor.fetchall()


async def note_api_server(conn: Connection, server: UUID, *, url: str, host_name: str) -> None:
    """Say that an HTTP server is there; one that has said nothing for an hour is forgotten."""
    await conn.execute("select aias_private.note_api_server(%s, %s, %s)", (server, url, host_name))


async def forget_api_server(conn: Connection, server: UUID) -> None:
    """Say that an HTTP server has ended as it should."""
    await conn.execute("delete from aias_private.api_servers where id = %s", (server,))


async def api_servers(conn: Connection) -> list[ApiServer]:
    """Give the HTTP servers that have said within the last hour that they are there."""
    async with conn.cursor(row_factory=class_row(ApiServer)) as cursor:
        await cursor.execute(
            "select s.id, s.url, s.host_name, clock_timestamp() - s.heartbeat_at as silence"
            " from aias_private.api_servers as s"
            " where s.heartbeat_at > clock_timestamp() - interval '1 hour' order by s.url, s.id"
        )
        return await cursor.fetchall()


async def bloated_indexes(conn: Connection, *, least_bytes: int, limit: int) -> list[BloatedIndex]:
    """Give the indexes that waste most, at most ``limit``."""
    async with conn.cursor(row_factory=class_row(BloatedIndex)) as cursor:
        await cursor.execute(
            "select b.index_name, b.table_name, b.size_bytes, b.expected_bytes"
            " from aias_private.index_bloat(%s) as b limit %s",
            (least_bytes, limit),
        )
        return await cursor.fetchall()


async def invalid_copies(conn: Connection, index: str) -> list[str]:
    """Give what a ``reindex concurrently`` of this index that failed has left behind, qualified and quoted."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select format('%%I.%%I', c.relnamespace::regnamespace, c.relname) from pg_catalog.pg_index as i"
            " inner join pg_catalog.pg_class as c on c.oid = i.indexrelid"
            " inner join pg_catalog.pg_class as o on o.oid = %s::regclass and o.relnamespace = c.relnamespace"
            " where not i.indisvalid and c.relname ~ ('^' || left(o.relname, 50) || '.*_cc(new|old)[0-9]*$')",
            (index,),
        )
        return await cursor.fetchall()


async def database_figures(conn: Connection) -> dict[str, Any]:
    """Give the statistics report: sizes, dead rows, reads from memory, and large indexes that nothing reads."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.database_figures()")
        (figures,) = await cursor.fetchall()
        return figures
