"""``aias archive``: what retention wrote to files before it dropped it, and bringing it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import ID, limit_option

if TYPE_CHECKING:
    from aias.archive import Archive

__all__ = ["command"]

Result = TypeVar("Result")


@click.group(cls=Group, name="archive")
def command() -> None:
    """The archive: Parquet files of what was dropped."""


def _on_files(work: Callable[[AsyncConnection[Any]], Awaitable[Result]]) -> Result:
    """Do work that reads files; one that can't be read is a message like any other."""
    try:
        return on_connection(work)
    except OSError as error:
        raise click.ClickException(f"the archive's file can't be read: {error}") from error


@command.command(name="list")
@click.option("--table", "of_table", metavar="TABLE", help="Of this table only: executions, audit_log, ...")
@limit_option
def list_(of_table: str | None, limit: int) -> None:
    """List what is archived, the latest first."""
    from aias.archive import find_archives

    async def work(conn: AsyncConnection[Any]) -> list[Archive]:
        return await find_archives(conn, table=of_table, limit=limit)

    found = on_connection(work)
    emit(
        {"archives": found},
        table(
            ("archive", "partition", "part", "state", "rows", "bytes", "verified", "restored as", "location"),
            [
                (
                    a.id,
                    a.partition_name,
                    a.part,
                    a.state,
                    a.row_count,
                    a.byte_count,
                    a.verified_at,
                    a.restored_as,
                    a.location,
                )
                for a in found
            ],
        ),
    )


@command.command()
@click.argument("archive", type=ID)
def verify(archive: UUID) -> None:
    """Read an archive's file back, all of it, and compare it with what was archived."""
    from aias.archive import verify_archive

    found = _on_files(lambda conn: verify_archive(conn, archive))
    emit(
        {"archive": found, "verified": True},
        f"{found.partition_name}: {found.row_count} rows, as they were archived ({found.location})",
    )


@command.command()
@click.argument("archive", type=ID)
def restore(archive: UUID) -> None:
    """Bring an archive back into a table of aias_archive, row for row, for analysts and administrators.

    Whoever was erased since it was archived is taken out again.
    """
    from aias.archive import restore_archive

    restored = _on_files(lambda conn: restore_archive(conn, archive))
    emit(
        {
            "archive": archive,
            "table": restored.table_name,
            "row_count": restored.row_count,
            "erased_count": restored.erased_count,
            "anonymized_count": restored.anonymized_count,
        },
        f"{restored.table_name}: {restored.row_count} rows, as they were archived"
        + (f", without {restored.erased_count} of erased people" if restored.erased_count else ""),
    )


@command.command()
@click.argument("archive", type=ID)
def unload(archive: UUID) -> None:
    """Drop the table that an archive was brought back into; the archive stays."""
    from aias.archive import unload_archive

    was_there = on_connection(lambda conn: unload_archive(conn, archive))
    emit(
        {"archive": archive, "unloaded": was_there},
        f"{archive}: {'unloaded' if was_there else 'was not brought back'}",
    )
