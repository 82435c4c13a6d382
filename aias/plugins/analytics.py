"""The schemas of plugins' analytics: brought to what their files say, after AIAS's own schema and apart from it.

Each is recorded in ``aias_private.plugin_files`` and brought forward by itself: one that fails is undone, noted in
``aias_private.plugin_schemas`` (the health check ``plugins`` tells) and holds nothing else up.

A plugin's views stand on views of ``aias``. They hold no data, so they are dropped before AIAS's own schema is changed,
lest they keep a view of ours from being made anew, and made again afterwards.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from aias.db import Applied, Difference, migrate, status
from aias.errors import DatabaseError
from aias.plugins.contributions import Analytics, all_analytics
from aias.plugins.entry_points import load_plugins

__all__ = ["MigratedSchema", "check_analytics", "migrate_all"]

_LOCK: Final = int.from_bytes(b"aiasplug", "big")
_CONNECT_TIMEOUT: Final = 10
_MIGRATION: Final = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
_VIEW: Final = re.compile(r"[a-z][a-z0-9_]{0,62}\.sql")
_REQUIRES: Final = re.compile(r"^--\s+requires:(.*)$", re.MULTILINE)

Kind = Literal["migration", "view"]
State = Literal["pending", "changed", "edited", "unknown"]
Key = tuple[Kind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigratedSchema:
    """What bringing a plugin's schema up to date came to."""

    plugin: str
    schema: str
    applied: tuple[str, ...] = ()
    """The files that were applied, new or again."""
    problem: str | None = None
    """Why it is not up to date; then nothing of the failed file is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    kind: Kind
    name: str
    text: bytes
    requires: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        return self.kind, self.name

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text).hexdigest()


def migrate_all(
    url: str, *, lock_timeout: float = 5.0, report: Callable[[str], None] = lambda _path: None
) -> tuple[Applied, list[MigratedSchema]]:
    """Bring AIAS's schema to what its files say, and then those of the installed plugins, each by itself.

    Safe to repeat, and from several processes at once. ``lock_timeout`` is in seconds, for each table's lock.

    Raises:
        DatabaseError: AIAS's own schema could not be brought up to date. A plugin's is only told.
    """
    if any(row.state != "applied" for row in status(url)):
        _drop_views(url, lock_timeout)
    applied = migrate(url, lock_timeout=lock_timeout, report=report)
    load_plugins()
    return applied, [_migrated(url, one, lock_timeout, report) for one in all_analytics()]


def check_analytics(url: str) -> list[Difference]:
    """List the files of installed plugins' schemas that are not applied as they are, and views that are gone.

    Raises:
        DatabaseError: unreachable.
    """
    load_plugins()
    found: list[Difference] = []
    with _session(url, 5.0) as conn:
        for one in all_analytics():
            try:
                files = _files(one)
            except (DatabaseError, OSError) as error:
                found.append(Difference(kind="plugin", name=f"{one.schema}: {error}", problem="pending"))
                continue
            recorded = _recorded(conn, one.schema)
            states: dict[Key, State | None] = {file.key: _state(file, recorded) for file in files}
            for key in _gone_views(conn, one.schema, recorded):
                states[key] = "pending"
            for key in recorded.keys() - {file.key for file in files}:
                states[key] = "unknown"
            found += [
                Difference(kind=f"plugin {kind}", name=f"{one.schema}/{name}", problem=state)
                for (kind, name), state in sorted(states.items())
                if state is not None
            ]
    return found


@contextmanager
def _session(url: str, lock_timeout: float) -> Generator[psycopg.Connection]:
    try:
        conn = psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=_CONNECT_TIMEOUT,
            application_name="aias/migrate",
            row_factory=tuple_row,
        )
    except psycopg.OperationalError as error:
        raise DatabaseError(f"can't reach PostgreSQL: {error}".strip()) from None
    with conn:
        conn.execute("select set_config('lock_timeout', %s, false)", (f"{round(lock_timeout * 1000)}ms",))
        yield conn


def _migrated(url: str, one: Analytics, lock_timeout: float, report: Callable[[str], None]) -> MigratedSchema:
    """Bring one schema up to date, and note how that went."""
    applied: list[str] = []
    problem: str | None = None
    with _session(url, lock_timeout) as conn:
        try:
            files = _files(one)
            with conn.transaction():
                _lock(conn)
                _adopt(conn, one)
            for file in files:
                if file.kind == "migration" and _apply_migration(conn, one, file):
                    applied.append(file.name)
                    report(f"{one.schema}/migrations/{file.name}")
            for name in _apply_views(conn, one, [file for file in files if file.kind == "view"]):
                applied.append(name)
                report(f"{one.schema}/views/{name}")
        except (psycopg.Error, DatabaseError, OSError) as error:
            problem = " ".join(str(error).split())[:1000]
        conn.execute(
            "insert into aias_private.plugin_schemas as s (schema, plugin, problem) values (%s, %s, %s)"
            " on conflict (schema) do update"
            " set plugin = excluded.plugin, problem = excluded.problem, migrated_at = excluded.migrated_at",
            (one.schema, one.plugin, problem),
        )
    return MigratedSchema(plugin=one.plugin, schema=one.schema, applied=tuple(applied), problem=problem)


def _files(one: Analytics) -> list[_File]:
    """Read a plugin's files in the order in which they are applied.

    Raises:
        DatabaseError: one is misnamed, or its requirements are unknown or circular.
    """
    found = [*_read(one.folder / "migrations", "migration", _MIGRATION)]
    views = {file.name: file for file in _read(one.folder / "views", "view", _VIEW)}
    ordered: dict[str, _File] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in ordered:
            return
        if name not in views or name in trail:
            raise DatabaseError(f"views/{trail[-1]} requires {name}, which is unknown or requires it")
        for required in views[name].requires:
            visit(required, (*trail, name))
        ordered[name] = views[name]

    for name in views:
        visit(name, (name + " (itself)",))
    return [*found, *ordered.values()]


def _read(folder: Path, kind: Kind, pattern: re.Pattern[str]) -> Iterable[_File]:
    for path in sorted(folder.glob("*.sql")):
        if not pattern.fullmatch(path.name):
            raise DatabaseError(f"{path} is misnamed: {kind}s are called like {pattern.pattern}")
        text = path.read_bytes().replace(b"\r\n", b"\n")
        words = " ".join(_REQUIRES.findall(text.decode())).replace(",", " ").split() if kind == "view" else []
        yield _File(kind=kind, name=path.name, text=text, requires=tuple(f"{word}.sql" for word in words))


def _lock(conn: psycopg.Connection) -> None:
    conn.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))


def _adopt(conn: psycopg.Connection, one: Analytics) -> None:
    """Make the schema, and let those into it who may read and those who work for the plugin.

    Raises:
        DatabaseError: the schema is another plugin's.
    """
    conn.execute(
        "insert into aias_private.plugin_schemas (schema, plugin) values (%s, %s) on conflict (schema) do nothing",
        (one.schema, one.plugin),
    )
    owner = conn.execute("select plugin from aias_private.plugin_schemas where schema = %s", (one.schema,)).fetchone()
    if owner != (one.plugin,):
        raise DatabaseError(f"the schema {one.schema} is of the plugin {owner and owner[0]}")
    name = sql.Identifier(one.schema)
    conn.execute(sql.SQL("create schema if not exists {}").format(name))
    conn.execute(sql.SQL("grant usage on schema {} to aias_worker, aias_analyst, aias_admin").format(name))


def _recorded(conn: psycopg.Connection, schema: str) -> dict[Key, str]:
    rows = conn.execute("select kind, name, checksum from aias_private.plugin_files where schema = %s", (schema,))
    return {(kind, name): checksum for kind, name, checksum in rows.fetchall()}


def _state(file: _File, recorded: dict[Key, str]) -> State | None:
    known = recorded.get(file.key)
    if known is None:
        return "pending"
    if known == file.checksum:
        return None
    return "changed" if file.kind == "view" else "edited"


def _gone_views(conn: psycopg.Connection, schema: str, recorded: Iterable[Key]) -> list[Key]:
    """Name the views that were made and are not there: dropped before a migration of AIAS, or by a person."""
    rows = conn.execute("select viewname || '.sql' from pg_catalog.pg_views where schemaname = %s", (schema,))
    present = {name for (name,) in rows.fetchall()}
    return [key for key in recorded if key[0] == "view" and key[1] not in present]


def _apply_migration(conn: psycopg.Connection, one: Analytics, file: _File) -> bool:
    """Apply a migration unless it was; in a transaction of its own, together with its record."""
    with conn.transaction():
        _lock(conn)
        state = _state(file, _recorded(conn, one.schema))
        if state == "edited":
            raise DatabaseError(f"migrations/{file.name} was edited after it was applied: write a new one")
        if state is None:
            return False
        _execute(conn, one, file)
        _settle(conn, one)
    return True


def _apply_views(conn: psycopg.Connection, one: Analytics, views: list[_File]) -> list[str]:
    """Make all views anew, in one transaction, where one is new, changed or gone."""
    with conn.transaction():
        _lock(conn)
        recorded = _recorded(conn, one.schema)
        former = {name for kind, name in recorded if kind == "view"}
        is_current = former == {file.name for file in views} and not _gone_views(conn, one.schema, recorded)
        if is_current and all(_state(file, recorded) is None for file in views):
            return []
        _drop(conn, one.schema, former)
        conn.execute("delete from aias_private.plugin_files where schema = %s and kind = 'view'", (one.schema,))
        for file in views:
            _execute(conn, one, file)
        if missing := _gone_views(conn, one.schema, [file.key for file in views]):
            raise DatabaseError(f"views/{missing[0][1]} does not make the view that it is named after")
        _settle(conn, one)
    return [file.name for file in views]


def _execute(conn: psycopg.Connection, one: Analytics, file: _File) -> None:
    conn.execute("select set_config('search_path', %s, true)", (f"{one.schema}, pg_catalog, pg_temp",))
    try:
        conn.execute(file.text)
    except psycopg.Error as error:
        raise DatabaseError(f"{file.kind}s/{file.name}: {error.diag.message_primary or error}") from error
    conn.execute("set local search_path = pg_catalog, pg_temp")
    conn.execute(
        "insert into aias_private.plugin_files (schema, kind, name, checksum) values (%s, %s, %s, %s)",
        (one.schema, file.kind, file.name, file.checksum),
    )


def _settle(conn: psycopg.Connection, one: Analytics) -> None:
    """See that nothing outside of the schema was touched, and say who may read what was made.

    A view shows to everybody what they may see of what it stands on.

    Raises:
        DatabaseError: an object elsewhere was made or changed.
    """
    strays = conn.execute(
        """
        select o.name
        from (
            select n.nspname || '.' || c.relname, n.nspname, c.xmin
            from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
            union all
            select n.nspname || '.' || p.proname, n.nspname, p.xmin
            from pg_catalog.pg_proc as p join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
            union all
            select n.nspname, n.nspname, n.xmin from pg_catalog.pg_namespace as n
        ) as o (name, schema, xmin)
        where o.xmin = pg_current_xact_id()::xid and o.schema <> %s and o.schema not like 'pg\\_%%'
        limit 1
        """,
        (one.schema,),
    ).fetchone()
    if strays is not None:
        raise DatabaseError(f"{strays[0]} lies outside of the schema {one.schema}: a plugin leaves it as it is")
    schema = sql.Identifier(one.schema)
    rows = conn.execute("select viewname from pg_catalog.pg_views where schemaname = %s", (one.schema,)).fetchall()
    for (view,) in rows:
        conn.execute(sql.SQL("alter view {}.{} set (security_invoker = true)").format(schema, sql.Identifier(view)))
    for grant in (
        "grant select on all tables in schema {} to aias_analyst, aias_admin",
        "grant select, insert, update, delete on all tables in schema {} to aias_worker",
        "grant usage on all sequences in schema {} to aias_worker",
        "revoke all on all functions in schema {} from public",
        "grant execute on all functions in schema {} to aias_worker, aias_admin",
    ):
        conn.execute(sql.SQL(grant).format(schema))


def _drop(conn: psycopg.Connection, schema: str, views: Iterable[str]) -> None:
    names = [sql.Identifier(schema, name.removesuffix(".sql")) for name in sorted(views)]
    if names:
        conn.execute(sql.SQL("drop view if exists {}").format(sql.SQL(", ").join(names)))


def _drop_views(url: str, lock_timeout: float) -> None:
    """Drop the views of all plugins, installed or not, so that they hold up no migration of AIAS.

    What stands on one of them keeps it, and may then hold up a migration; that tells so itself.
    """
    with _session(url, lock_timeout) as conn:
        if conn.execute("select to_regclass('aias_private.plugin_files') is null").fetchone() == (True,):
            return
        rows = conn.execute("select schema, name from aias_private.plugin_files where kind = 'view'").fetchall()
        for schema in {schema for schema, _ in rows}:
            try:
                with conn.transaction():
                    _lock(conn)
                    _drop(conn, schema, [name for of, name in rows if of == schema])
            except (psycopg.errors.DependentObjectsStillExist, psycopg.errors.InvalidSchemaName):
                continue
