"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, LiteralString, TypeVar
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import translated

__all__ = [
    "Hold",
    "Item",
    "MadePartition",
    "PolicyStatus",
    "Removal",
    "Verdict",
    "begin_retention",
    "check_unit",
    "delete_expired",
    "drain_strays",
    "drop_retired",
    "end_retention",
    "ensure_partitions",
    "forget_answers",
    "hold_retention",
    "members_to_archive",
    "open_items",
    "release_retention",
    "restore_workflow",
    "retention_holds",
    "retention_status",
    "retire_partitions",
    "retire_workflows",
    "run_retention",
    "set_retention",
    "settle_item",
]

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePartition:
    """A monthly partition that was made, or why it could not be."""

    partition_name: str
    problem: str | None


async def ensure_partitions(conn: AsyncConnection[Any], *, months_ahead: int = 3) -> list[MadePartition]:
    """Make the partitions of every growing table up to ``months_ahead`` from now; those that exist are left alone.

    Raises:
        InvalidArgument: ``months_ahead`` is not between 0 and 120.
    """
    async with conn.cursor(row_factory=class_row(MadePartition)) as cursor:
        with translated():
            await cursor.execute(
                "select partition_name, problem from aias_private.ensure_partitions(%s)", (months_ahead,)
            )
        return await cursor.fetchall()


async def forget_answers(conn: AsyncConnection[Any]) -> int:
    """Drop answers of HTTP requests that are kept for more than a day, at most 10,000; gives how many."""
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.forget_answers()")
        (count,) = await cursor.fetchall()
        return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What retention removes: a partition, rows of a table, or a tenant's."""

    policy: str
    object: str
    rows: int
    bytes: int
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyStatus:
    """A policy, and how its last run went."""

    policy: str
    action: str
    age: timedelta | None
    cadence: str
    is_enabled: bool
    follows: str | None
    note: str | None
    last_run_at: datetime | None
    status: str | None
    removed_count: int | None
    problem: str | None
    oldest_at: datetime | None
    byte_count: int
    override_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A tenant whose rows are kept longer, or shorter, than the policies say; without an age nothing goes."""

    tenant: str
    policy: str
    age: timedelta | None
    reason: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What of a run is still to be done; of a detached partition the run may be a former one."""

    run_id: UUID
    item: int
    table_name: str
    object: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a month may go: ``retire``, ``archive`` first, ``rows`` (of ``items``), or ``waiting`` for a reason."""

    verdict: str
    reason: str | None
    items: list[int] | None


async def _rows(
    conn: AsyncConnection[Any], model: type[Row], query: LiteralString, values: Sequence[Any] = ()
) -> list[Row]:
    async with conn.cursor(row_factory=class_row(model)) as cursor:
        with translated():
            await cursor.execute(query, values)
        return await cursor.fetchall()


async def _value(conn: AsyncConnection[Any], query: LiteralString, values: Sequence[Any] = ()) -> Any:
    async with conn.cursor(row_factory=scalar_row) as cursor:
        with translated():
            await cursor.execute(query, values)
        (value,) = await cursor.fetchall()
        return value


async def run_retention(conn: AsyncConnection[Any], *, dry_run: bool = True) -> list[Removal]:
    """Say what retention would remove now; or record a run, which a job carries out after the transaction.

    Rows are the planner's estimates.

    Raises:
        Forbidden: the caller is confined to a tenant.
    """
    return await _rows(
        conn, Removal, "select policy, object, rows, bytes, action from aias.run_retention(%s)", (dry_run,)
    )


async def retention_status(conn: AsyncConnection[Any]) -> list[PolicyStatus]:
    """Give every policy, by name, with how its last run went; none to a caller who is confined to a tenant."""
    return await _rows(
        conn,
        PolicyStatus,
        "select policy, action, age, cadence, is_enabled, follows, note, last_run_at, status, removed_count, problem,"
        " oldest_at, byte_count, override_count from aias.retention_status order by policy",
    )


async def retention_holds(conn: AsyncConnection[Any]) -> list[Hold]:
    """Give the tenants whose rows are kept longer, or shorter, than the policies say."""
    return await _rows(
        conn,
        Hold,
        "select tenant, policy, age, reason, set_by, set_at from aias.retention_holds order by tenant, policy",
    )


async def set_retention(
    conn: AsyncConnection[Any],
    policy: str,
    *,
    age: timedelta | None = None,
    cadence: str | None = None,
    is_enabled: bool | None = None,
) -> None:
    """Change a policy from the next run on; what is None stays.

    Raises:
        Forbidden: the caller is confined to a tenant.
        NotFound: there is no such policy.
        Conflict: its rows go with another table's, or stay.
        InvalidArgument: the age is below a day, or the cadence unknown.
    """
    await _value(conn, "select aias.set_retention(%s, %s, %s, %s)", (policy, age, cadence, is_enabled))


async def hold_retention(
    conn: AsyncConnection[Any], tenant: str, *, reason: str, age: timedelta | None = None, policy: str = "*"
) -> None:
    """Keep a tenant's rows for an age of its own; without one nothing of it goes until ``release_retention``.

    Raises:
        Forbidden: the caller is confined to a tenant.
        NotFound: there is no such tenant or policy.
        InvalidArgument: the age is below a day, or the reason is missing.
    """
    await _value(conn, "select aias.hold_retention(%s, %s, %s, %s)", (tenant, reason, age, policy))


async def release_retention(conn: AsyncConnection[Any], tenant: str, *, policy: str = "*") -> None:
    """Let the policies hold for a tenant's rows again.

    Raises:
        Forbidden: the caller is confined to a tenant.
        NotFound: there is no such tenant, or nothing is held under that policy.
    """
    await _value(conn, "select aias.release_retention(%s, %s)", (tenant, policy))


async def restore_workflow(conn: AsyncConnection[Any], tenant: str, name: str) -> UUID:
    """Bring the last deleted workflow of a name back, disabled, with its versions and history.

    Raises:
        NotFound: there is no such tenant, or no deleted workflow of that name.
        Conflict: a workflow of that name is in use.
    """
    return await _value(conn, "select aias.restore_workflow(%s, %s)", (tenant, name))


async def begin_retention(conn: AsyncConnection[Any], *, requested_by: str, is_scheduled: bool) -> UUID | None:
    """Record a run of what is due, or give the run that is not over; None where nothing is due."""
    return await _value(conn, "select aias_private.begin_retention(%s, %s)", (requested_by, is_scheduled))


async def open_items(conn: AsyncConnection[Any], run: UUID) -> list[Item]:
    """Give what of a run is still to be done, in order, and partitions that former runs left detached."""
    return await _rows(
        conn,
        Item,
        "select run_id, item, table_name, object, kind, state from aias_private.open_retention_items(%s)",
        (run,),
    )


async def check_unit(conn: AsyncConnection[Any], item: Item) -> Verdict:
    """Ask whether a month and what follows it may go now; what is waited for is noted."""
    (verdict,) = await _rows(
        conn,
        Verdict,
        "select verdict, reason, items from aias_private.check_retention_unit(%s, %s)",
        (item.run_id, item.item),
    )
    return verdict


async def members_to_archive(conn: AsyncConnection[Any], item: Item) -> list[tuple[str, str]]:
    """Give the tables and partitions of a month that have to be in the archive before it goes and are not yet."""
    async with conn.cursor() as cursor:
        with translated():
            await cursor.execute(
                "select table_name, partition_name from aias_private.partitions_to_archive(%s, %s)",
                (item.run_id, item.item),
            )
        return [(table, partition) for table, partition in await cursor.fetchall()]


async def retire_partitions(conn: AsyncConnection[Any], item: Item) -> list[int]:
    """Detach a month and what follows it; gives the items that wait for being dropped."""
    return await _value(conn, "select aias_private.retire_partitions(%s, %s)", (item.run_id, item.item))


async def drop_retired(conn: AsyncConnection[Any], run: UUID, item: int) -> None:
    """Drop a detached partition; one that is dropped already is left alone."""
    await _value(conn, "select aias_private.drop_retired(%s, %s)", (run, item))


async def delete_expired(conn: AsyncConnection[Any], run: UUID, item: int) -> bool:
    """Delete one batch of rows; gives whether more is to be done."""
    return await _value(conn, "select aias_private.delete_expired(%s, %s)", (run, item))


async def drain_strays(conn: AsyncConnection[Any], item: Item) -> None:
    """Move a default partition's rows to the partitions of their months."""
    await _value(conn, "select aias_private.drain_strays(%s, %s)", (item.run_id, item.item))


async def retire_workflows(conn: AsyncConnection[Any], item: Item) -> None:
    """Tell the owners of unused workflows, and take those out of use whose owners were told a fortnight ago."""
    await _value(conn, "select aias_private.retire_workflows(%s, %s)", (item.run_id, item.item))


async def settle_item(conn: AsyncConnection[Any], item: Item, state: Literal["failed", "waiting"], detail: str) -> None:
    """Note that an item can't go on in this run, and why."""
    await _value(
        conn,
        "select aias_private.settle_retention_item(%s, %s, %s, %s)",
        (item.run_id, item.item, state, detail),
    )


async def end_retention(conn: AsyncConnection[Any], run: UUID) -> str:
    """End a run whose items are all settled; gives its status."""
    return await _value(conn, "select aias_private.end_retention(%s)", (run,))
