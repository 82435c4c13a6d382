"""The migration runner: brings a database to what the files say.

Order: procrastinate's own schema (or, where an older one is there, its later migrations), then ``migrations/``,
each file once, then ``sql/``, each file again whenever it or something that it requires has changed. All of it is
recorded in ``aias_private.migrations``.

Promises
    - Forward only. An applied migration that was edited, a new one that sorts before an applied one, and a database
      that is ahead of this code are refused before anything is touched.
    - One transaction per migration and one for all changed objects, each together with its record: a crash leaves
      whole steps, and the next run goes on from there.
    - Any number of processes may run at once: each step is taken under one advisory lock, after a fresh look at what
      the others did meanwhile.
    - A table's lock is waited for no longer than ``lock_timeout``; nothing queues up behind a migration that waits.
    - ``-- aias: no-transaction`` on a line of its own makes a file with one statement run alone, for
      ``create index concurrently``; an invalid index that a crash left behind is dropped first.

Why our own and not yoyo-migrations: this schema is half functions and views, and what is needed most is objects that
are applied again when their file changes, in dependency order, in one transaction. yoyo has no such notion (its
post-apply hook would run everything every time), guards with a row in a lock table that a crash leaves behind
(ours is a lock that dies with its session), does not notice edited files, and splits files into statements with a
general parser. What remains of it for us would be a loop over files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString

import psycopg
from psycopg.rows import tuple_row

from aias.db.sources import SourceFile, Sources, read_sources
from aias.errors import DatabaseError

__all__ = ["Applied", "FileStatus", "migrate", "status"]

MINIMUM_SERVER = 150000

_LOCK_KEY = int.from_bytes(b"aiasmigr", "big")
_LOCK_WAIT = 600.0
_CONNECT_TIMEOUT = 10

_LEDGER = """
    create schema if not exists aias_private;
    create table aias_private.migrations (
        kind text not null,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default pg_catalog.clock_timestamp(),
        applied_by text not null default session_user,
        constraint migrations_pkey primary key (kind, name),
        constraint kind_is_known check (kind in ('engine', 'migration', 'object'))
    );
    comment on table aias_private.migrations is
        'Every file of SQL that made this schema: engine and migrations once each, objects again when they change.';
"""

# What shows how far a procrastinate schema is that somebody else installed: the last of its migrations that is in,
# newest first. Files between two rows here are safe to run again (they drop "if exists" and create anew).
_ENGINE_LEVELS: tuple[tuple[str, LiteralString], ...] = (
    (
        "03.04.00_50",
        """
        select from pg_catalog.pg_proc
        where pronamespace = 'public'::regnamespace
            and proname = 'procrastinate_trigger_function_status_events_update_v1'
            and prosrc like '%retried%'
        """,
    ),
    ("03.04.00_01", "select where to_regproc('public.procrastinate_retry_job_v2') is not null"),
    ("03.02.00_01", "select where to_regtype('public.procrastinate_job_to_defer_v1') is not null"),
    ("03.01.00_01", "select where to_regclass('public.procrastinate_workers') is not null"),
    (
        "03.00.00_50",
        "select where to_regproc('public.procrastinate_trigger_function_status_events_update_v1') is not null",
    ),
)

State = Literal["applied", "pending", "changed", "edited", "unknown"]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What one run of ``migrate`` did; both empty when there was nothing to do."""

    migrations: tuple[str, ...]
    """The engine's and our own migrations, by name."""
    objects: tuple[str, ...]
    """The files of ``sql/`` that were applied, new or again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStatus:
    """How one file stands in the database.

    ``pending``: not applied; ``changed``: an object that will be applied again; ``edited``: a migration that differs
    from what was applied (refused); ``unknown``: applied, but by newer code (refused).
    """

    kind: str
    name: str
    state: State
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Record:
    checksum: str
    applied_at: datetime


def migrate(
    url: str,
    *,
    sources: Sources | None = None,
    lock_timeout: float = 5.0,
    report: Callable[[str], None] = lambda _path: None,
) -> Applied:
    """Bring the database at ``url`` to what the files say; safe to call at any time, from any number of processes.

    ``lock_timeout`` is in seconds, for each table's lock. ``report`` hears the path of each file that is applied.

    Raises:
        DatabaseError: unreachable, too old a server, refused (see the module), or a file failed; its step is undone.
    """
    sources = sources or read_sources()
    done: list[SourceFile] = []
    with _session(url, lock_timeout) as conn:
        while step := _next_step(conn, sources):
            done.extend(step)
            for file in step:
                report(file.path)
    return Applied(
        migrations=tuple(file.name for file in done if file.kind != "object"),
        objects=tuple(file.name for file in done if file.kind == "object"),
    )


def status(url: str, *, sources: Sources | None = None) -> list[FileStatus]:
    """Tell how every file stands, without changing anything.

    Raises:
        DatabaseError: unreachable, or too old a server.
    """
    sources = sources or read_sources()
    with _session(url, 5.0) as conn:
        ledger = _read_ledger(conn)
    rows = [
        FileStatus(kind=file.kind, name=file.name, state=_state(file, ledger), applied_at=_applied_at(file, ledger))
        for file in (*sources.engine, *sources.migrations, *sources.objects)
    ]
    known = {(row.kind, row.name) for row in rows}
    rows += [
        FileStatus(kind=kind, name=name, state="unknown", applied_at=record.applied_at)
        for (kind, name), record in ledger.items()
        if (kind, name) not in known and kind != "object"
    ]
    return rows


def _state(file: SourceFile, ledger: dict[Key, _Record]) -> State:
    record = ledger.get((file.kind, file.name))
    if record is None:
        return "pending"
    if record.checksum == file.checksum or file.kind == "engine":
        return "applied"
    return "changed" if file.kind == "object" else "edited"


def _applied_at(file: SourceFile, ledger: dict[Key, _Record]) -> datetime | None:
    record = ledger.get((file.kind, file.name))
    return record.applied_at if record else None


@contextmanager
def _session(url: str, lock_timeout: float) -> Generator[psycopg.Connection]:
    """Connect with settings that do not depend on what the role or the database have configured."""
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
        if conn.info.server_version < MINIMUM_SERVER:
            raise DatabaseError(
                f"PostgreSQL {conn.info.server_version // 10000} is too old:"
                f" AIAS needs {MINIMUM_SERVER // 10000} or later"
            )
        for name, value in (
            ("lock_timeout", f"{round(lock_timeout * 1000)}ms"),
            ("statement_timeout", "0"),
            ("idle_in_transaction_session_timeout", "0"),
            ("client_min_messages", "warning"),
            ("timezone", "UTC"),
            ("check_function_bodies", "on"),
            ("search_path", "pg_catalog, pg_temp"),
        ):
            conn.execute("select pg_catalog.set_config(%s, %s, false)", (name, value))
        yield conn


def _read_ledger(conn: psycopg.Connection) -> dict[Key, _Record]:
    if conn.execute("select to_regclass('aias_private.migrations') is null").fetchone() == (True,):
        return {}
    rows = conn.execute("select kind, name, checksum, applied_at from aias_private.migrations").fetchall()
    return {(kind, name): _Record(checksum, applied_at) for kind, name, checksum, applied_at in rows}


def _next_step(conn: psycopg.Connection, sources: Sources) -> list[SourceFile]:
    """Apply what comes next and give it back; an empty list when the database is where the files are.

    The lock is tried, not waited for: a session that waits for it would hold a snapshot, and a concurrent index build
    under way in another one waits for every snapshot to go.
    """
    deadline = time.monotonic() + _LOCK_WAIT
    while True:
        with conn.transaction():
            if conn.execute("select pg_try_advisory_xact_lock(%s)", (_LOCK_KEY,)).fetchone() == (True,):
                return _step_under_lock(conn, sources)
        if time.monotonic() > deadline:
            raise DatabaseError(f"another process has been migrating this database for {_LOCK_WAIT:.0f} s")
        time.sleep(0.05)


def _step_under_lock(conn: psycopg.Connection, sources: Sources) -> list[SourceFile]:
    ledger = _read_ledger(conn)
    if not ledger and conn.execute("select to_regclass('aias_private.migrations') is null").fetchone() == (True,):
        conn.execute(_LEDGER)
    _refuse_conflicts(sources, ledger)
    if sources.engine_schema is not None and not any(kind == "engine" for kind, _ in ledger):
        return _install_engine(conn, sources)
    for file in (*sources.engine, *sources.migrations):
        if (file.kind, file.name) not in ledger:
            _apply(conn, file)
            return [file]
    return _apply_objects(conn, sources, ledger)


def _refuse_conflicts(sources: Sources, ledger: dict[Key, _Record]) -> None:
    """Refuse before anything is touched what can't be brought forward."""
    known = {(file.kind, file.name): file for file in (*sources.engine, *sources.migrations)}
    kinds = {"migration", "engine"} if sources.engine_schema is not None else {"migration"}
    newer = sorted(name for kind, name in ledger if kind in kinds and (kind, name) not in known)
    if newer:
        raise DatabaseError(f"the database is newer than this code: it has {', '.join(newer)}; upgrade AIAS")
    last = max((name for kind, name in ledger if kind == "migration"), default="")
    for file in sources.migrations:
        record = ledger.get((file.kind, file.name))
        if record is None and file.name < last:
            raise DatabaseError(f"{file.path} comes before {last}, which is applied already: give it a later number")
        if record is not None and record.checksum != file.checksum:
            raise DatabaseError(
                f"{file.path} was edited after it was applied (on {record.applied_at:%Y-%m-%d %H:%M} UTC):"
                " put it back and write a new migration"
            )


def _install_engine(conn: psycopg.Connection, sources: Sources) -> list[SourceFile]:
    """Install procrastinate's schema, or take over one that is there and record how far it is."""
    assert sources.engine_schema is not None  # noqa: S101 (the caller looked)
    level = "99"
    step = SourceFile(kind="engine", name="schema.sql", text=sources.engine_schema)
    if conn.execute("select to_regclass('public.procrastinate_jobs') is null").fetchone() == (True,):
        _execute(conn, step)
    else:
        level = next((name for name, probe in _ENGINE_LEVELS if conn.execute(probe).fetchone() is not None), "")
        if not level:
            raise DatabaseError(
                "the database has a procrastinate schema from before 3.0: apply procrastinate's own migrations up to"
                " 3.0 first (https://procrastinate.readthedocs.io/en/stable/howto/production/migrations.html)"
            )
    for file in sources.engine:
        if file.name <= f"{level}~":  # contained in what is there now
            _record(conn, file)
    return [step]


def _apply_objects(conn: psycopg.Connection, sources: Sources, ledger: dict[Key, _Record]) -> list[SourceFile]:
    """Apply all changed objects in one transaction, so that no reader meets half of a change."""
    known = {file.name for file in sources.objects}
    gone = [name for kind, name in ledger if kind == "object" and name not in known]
    if gone:  # a migration dropped what the file made; the record goes with the file
        conn.execute("delete from aias_private.migrations where kind = 'object' and name = any(%s)", (gone,))
    missing = _missing_objects(conn, sources)
    stale = sources.dependents(
        file.name for file in sources.objects if _state(file, ledger) != "applied" or file.name in missing
    )
    files = [file for file in sources.objects if file.name in stale]
    for file in files:
        _apply(conn, file)
    if files and (missing := _missing_objects(conn, sources)):
        raise DatabaseError(f"sql/{min(missing)}: its first line names an object that the file does not make")
    return files


def _missing_objects(conn: psycopg.Connection, sources: Sources) -> set[str]:
    """Name the files whose object is not there: a migration had to drop it (or what it stands on), or a person did."""
    wanted = {file.object: file.name for file in sources.objects if file.object is not None}
    present = conn.execute(
        "select distinct n.nspname || '.' || o.name from pg_catalog.pg_namespace as n join ("
        " select relnamespace, relname from pg_catalog.pg_class"
        " union all select pronamespace, proname from pg_catalog.pg_proc"
        " union all select typnamespace, typname from pg_catalog.pg_type"
        " union all select c.relnamespace, t.tgname"
        " from pg_catalog.pg_trigger as t join pg_catalog.pg_class as c on c.oid = t.tgrelid"
        " union all select c.relnamespace, p.polname"
        " from pg_catalog.pg_policy as p join pg_catalog.pg_class as c on c.oid = p.polrelid"
        ") as o (namespace, name) on o.namespace = n.oid"
        " where n.nspname || '.' || o.name = any(%s)",
        (list(wanted),),
    ).fetchall()
    return {name for key, name in wanted.items() if (key,) not in present}


def _apply(conn: psycopg.Connection, file: SourceFile) -> None:
    if file.transactional:
        _execute(conn, file)
    else:
        _execute_alone(conn, file)
    _record(conn, file)


def _record(conn: psycopg.Connection, file: SourceFile) -> None:
    conn.execute(
        "insert into aias_private.migrations (kind, name, checksum) values (%s, %s, %s)"
        " on conflict (kind, name) do update set checksum = excluded.checksum,"
        " applied_at = excluded.applied_at, applied_by = excluded.applied_by",
        (file.kind, file.name, file.checksum),
    )


def _execute(conn: psycopg.Connection, file: SourceFile) -> None:
    """Send the whole file as one message, inside the caller's transaction."""
    path = "public, pg_temp" if file.kind == "engine" else "pg_catalog, pg_temp"
    conn.execute("select pg_catalog.set_config('search_path', %s, true)", (path,))
    try:
        conn.execute(file.text)
    except psycopg.Error as error:
        raise _failed(file, error) from error
    # a file may set what it likes for itself; the next one starts from ours
    conn.execute("set local search_path = pg_catalog, pg_temp")


def _execute_alone(conn: psycopg.Connection, file: SourceFile) -> None:
    """Run one statement outside any transaction, on a connection of its own, while this one holds the lock."""
    with psycopg.connect(conn.info.dsn, password=conn.info.password, autocommit=True) as alone:
        invalid = alone.execute(
            "select format('drop index concurrently %s', i.indexrelid::regclass) from pg_catalog.pg_index as i"
            " join pg_catalog.pg_class as c on c.oid = i.indexrelid"
            " where not i.indisvalid and c.relkind = 'i'"
            " and c.relnamespace::regnamespace::text in ('aias', 'aias_private', 'aias_archive')"
        ).fetchall()
        try:
            for (statement,) in invalid:
                alone.execute(statement.encode())
            alone.execute(file.text)
        except psycopg.Error as error:
            raise _failed(file, error) from error


def _failed(file: SourceFile, error: psycopg.Error) -> DatabaseError:
    """Say which file, which line and why, in one message."""
    diag = error.diag
    position = diag.statement_position
    line = f", line {file.text.decode()[: int(position)].count(chr(10)) + 1}" if position else ""
    hint = "".join(f"\n  {part}" for part in (diag.message_detail, diag.message_hint, diag.context) if part)
    message = diag.message_primary or str(error).strip() or type(error).__name__
    if isinstance(error, psycopg.errors.LockNotAvailable):
        message = f"{message}; something holds a lock on the table: try again"
    return DatabaseError(f"{file.path}{line}: {message}{hint}")
