"""``aias db``: the database itself."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, LiteralString

import click

from aias.cli.backup import backup, restore
from aias.cli.output import Group, emit, note, table
from aias.errors import ConfigurationError, DatabaseError
from aias.settings import get_settings

if TYPE_CHECKING:
    from aias.db import Difference

__all__ = ["command"]


@click.group(cls=Group, name="db")
def command() -> None:
    """Start and stop the embedded PostgreSQL, bring the schema up to date, check it, back it up, look inside."""


command.add_command(backup)
command.add_command(restore)


@command.command()
def start() -> None:
    """Start the embedded PostgreSQL, if it does not run."""
    from aias.db import Embedded

    settings = get_settings()
    if settings.database_url is not None or settings.libpq_names_a_server:
        raise ConfigurationError("DATABASE_URL or PG* chooses another server: the embedded one is not used")
    server = Embedded(settings.home)
    server.start()
    emit(server.status(), f"running at {server.url}")


@command.command()
def stop() -> None:
    """Stop the embedded PostgreSQL; what was committed stays."""
    from aias.db import Embedded

    stopped = Embedded(get_settings().home).stop()
    emit({"stopped": stopped}, "stopped" if stopped else "it was not running")


@command.command()
def url() -> None:
    """Print the connection string, without its password."""
    from aias.db import database_url, without_password

    settings = get_settings()
    plain = without_password(database_url(settings))
    emit({"url": plain}, plain)


@command.command()
def status() -> None:
    """Tell where the database is and how its schema stands. Changes and starts nothing."""
    from aias.db import Embedded, database_url, without_password
    from aias.db import status as read_status

    settings = get_settings()
    is_embedded = settings.database_url is None and not settings.libpq_names_a_server
    server = Embedded(settings.home).status() if is_embedded else None
    if server is not None and not server.running:
        emit({"embedded": server, "url": server.url, "files": None}, "the embedded PostgreSQL is not running")
        return
    target = database_url(settings, start=False)
    files = read_status(target)
    behind = [row for row in files if row.state != "applied"]
    summary = f"{len(files) - len(behind)} files applied" + (f", {len(behind)} not" if behind else ", up to date")
    lines = [f"{without_password(target)}", summary]
    if behind:
        lines.append(table(("kind", "name", "state"), [(row.kind, row.name, row.state) for row in behind]))
    emit({"embedded": server, "url": without_password(target), "is_current": not behind, "files": files}, lines)


@command.command()
def migrate() -> None:
    """Bring the schema to this version of AIAS, and those of plugins, and the gallery of templates.

    Safe to repeat, from several machines at once.
    A plugin's schema that can't be brought up to date is told, and holds nothing else up (exit 0).
    """
    from aias.cli.calls import on_connection
    from aias.db import database_url
    from aias.plugins.analytics import migrate_all
    from aias.templates import load_templates

    settings = get_settings()
    applied, plugins = migrate_all(database_url(settings), lock_timeout=settings.lock_timeout, report=note)
    on_connection(load_templates)
    for one in plugins:
        if one.problem is not None:
            note(f"{one.plugin}: its schema {one.schema} is not up to date: {one.problem}")
    count = len(applied.migrations) + len(applied.objects) + sum(len(one.applied) for one in plugins)
    emit(
        {"migrations": applied.migrations, "objects": applied.objects, "plugins": plugins},
        f"applied {count} files" if count else "up to date",
    )


@command.command()
@click.option("--repair", is_flag=True, help="Make the engine's jobs again from the ledger of executions.")
def check(repair: bool) -> None:
    """Compare the live schema with what the files would give; exit 1 where they differ.

    Where they don't, rows of executions that are gone are counted; exit 1 where there are any.
    """
    from aias.db import check as compare
    from aias.db import database_url
    from aias.plugins.analytics import check_analytics

    settings = get_settings()
    target = database_url(settings)
    differences = compare(target)
    if not differences:
        differences = check_analytics(target)
    strays = None if differences else _rows(target, "select table_name, row_count from aias_private.count_strays()")
    repaired = None
    if repair:
        repaired = _rows(target, "select execution_id, job_id, action from aias_private.repair_jobs()")
    lines = [_described(difference) for difference in differences] or ["the schema is what the files say"]
    lines += [f"{row['table_name']}: {row['row_count']} rows of executions that are gone" for row in strays or ()]
    if repaired is not None:
        lines += [f"{row['action']}: execution {row['execution_id']}, job {row['job_id']}" for row in repaired]
        lines.append(f"{len(repaired)} jobs repaired")
    emit({"differences": differences, "strays": strays, "repaired": repaired}, lines)
    if differences or strays:
        raise click.exceptions.Exit(1)


def _rows(target: str, query: LiteralString) -> list[dict[str, object]]:
    import psycopg
    from psycopg.rows import dict_row

    with psycopg.connect(target, connect_timeout=10) as conn, conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query).fetchall()


def _described(difference: Difference) -> str:
    lines = [str(difference)]
    if difference.problem == "different":
        import difflib

        expected, found = (difference.expected or "").splitlines(), (difference.found or "").splitlines()
        lines += [
            f"    {line}"
            for line in difflib.unified_diff(expected, found, "files", "database", lineterm="", n=1)
            if not line.startswith("@@")
        ]
    return "\n".join(lines)


@command.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[-- PSQL-ARGS]", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the database; what follows -- goes to psql."""
    from aias.db import database_url
    from aias.db.target import password_of, without_password

    target = database_url(get_settings())
    program = _psql_program()
    environment = dict(os.environ)
    if (password := password_of(target)) is not None:
        environment["PGPASSWORD"] = password  # the environment, not the command line: everybody may read that
    os.execve(program, ["psql", f"--dbname={without_password(target)}", *arguments], environment)  # noqa: S606


def _psql_program() -> str:
    """The wheel's psql; for a server elsewhere the system's where there is one, because the wheel's has no TLS."""
    from aias.db.binaries import bundled_binaries

    settings = get_settings()
    if settings.database_url is not None or settings.libpq_names_a_server:
        system = shutil.which("psql")
        if system is not None:
            return system
    program = bundled_binaries() / "psql"
    if not program.exists():
        raise DatabaseError("there is no psql: neither in the wheel nor on the PATH")
    return str(program)
