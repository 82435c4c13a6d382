"""``aias db backup`` and ``aias db restore``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from aias.cli.output import Command, emit, note
from aias.cli.parameters import TIME
from aias.errors import ConfigurationError, NotFound
from aias.settings import get_settings

__all__ = ["backup", "restore"]

_NOT_EMBEDDED = "base backups are made of the embedded server; for another server see docs/how-to/back-up.md"


@click.command(cls=Command, name="backup")
@click.argument("target", metavar="FILE|DIR", type=click.Path(path_type=Path))
@click.option("--base", is_flag=True, help="Copy the embedded server into DIR, and keep its log there from now on.")
def backup(target: Path, base: bool) -> None:
    """Back the database up into FILE (and FILE.json), or with --base the embedded server into DIR.

    FILE is an archive of pg_dump: the database as it is now. DIR can be restored to any moment from now on.
    """
    from aias.db import Embedded, back_up_base, database_url, dump

    settings = get_settings()
    if base:
        if not _is_embedded():
            raise ConfigurationError(_NOT_EMBEDDED)
        made = back_up_base(Embedded(settings.home), target, report=note)
        emit(made, f"{made.folder}: {made.bytes} bytes; its log is kept in {made.folder / 'wal'}")
        return
    dumped = dump(database_url(settings), target, is_embedded=_is_embedded())
    emit(dumped, f"{dumped.file}: {dumped.row_count} rows of {dumped.table_count} tables, {dumped.bytes} bytes")


@click.command(cls=Command, name="restore")
@click.argument("source", metavar="FILE|DIR", type=click.Path(path_type=Path))
@click.option("--until", type=TIME, help="As it was at this time (a base backup's DIR only); default: the latest.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def restore(source: Path, until: datetime | None, force: bool) -> None:
    """Make the database what FILE holds, or the embedded server what DIR holds; then compare it with the files.

    Exit 1 where the schema is not this version's: what was restored stays, `aias db migrate` brings an older one up.
    """
    from aias.db import Embedded, check, database_url, recover
    from aias.db import restore as run

    settings = get_settings()
    if not source.exists():
        raise NotFound(f"there is no {source}")
    if source.is_dir():
        if not _is_embedded():
            raise ConfigurationError(_NOT_EMBEDDED)
        done = recover(Embedded(settings.home), source, until=until, force=force)
        reached = "nothing replayed" if done.last_commit_at is None else f"as of {done.last_commit_at.isoformat()}"
        lines = [f"restored, {reached}"] + ([f"what was there is kept in {done.former}"] if done.former else [])
    elif until is not None:
        raise click.UsageError("--until is for the folder of a base backup: a file holds one moment")
    else:
        done = run(database_url(settings), source, force=force, is_embedded=_is_embedded())
        as_of = done.taken_at.isoformat()
        lines = [f"{done.database}: {done.row_count} rows of {done.table_count} tables, as of {as_of}"]
        lines += [f"role {name} was made; one that logs in has no password yet" for name in done.created_roles]
    differences = check(database_url(settings))
    lines += [str(difference) for difference in differences] or ["the schema is what the files say"]
    emit({"restored": done, "differences": differences}, lines)
    if differences:
        raise click.exceptions.Exit(1)


def _is_embedded() -> bool:
    settings = get_settings()
    return settings.database_url is None and not settings.libpq_names_a_server
