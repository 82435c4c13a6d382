"""Logical backups: ``pg_dump``'s custom format, and what must be true of the database that is made of it.

::

    FILE         the archive; pg_restore reads it
    FILE.json    its manifest: rows and checksum of each table, as of the archive's own snapshot; the roles

A restore never touches the database that it replaces until the new one has been made and proved: it goes into a
database beside it, the rows are counted and summed there, the audit log's guard is tried, and only then the two change
places. Roles belong to the whole server and are in no archive: those that have to do with AIAS stand in the manifest,
without passwords.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import BaseModel, ConfigDict, ValidationError

from aias.db.contents import TableContents, audit_is_guarded, holds_anything, read_contents
from aias.db.programs import find_program, run_program, server_major
from aias.errors import Conflict, DatabaseError, InvalidArgument, NotFound

__all__ = ["Dumped", "Restored", "dump", "restore"]

_CONNECT_TIMEOUT = 10
_LONGEST = 24 * 3600.0
_MAINTENANCE = ("postgres", "template1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumped:
    """A backup that is whole."""

    file: Path
    bytes: int
    sha256: str
    table_count: int
    row_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A database that holds what the backup holds, row by row."""

    database: str
    taken_at: datetime
    table_count: int
    row_count: int
    created_roles: list[str]
    """Roles that were missing; those that log in have no password yet."""


class _Role(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    can_login: bool
    member_of: list[str]


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    taken_at: datetime
    server_version: int
    sha256: str
    tables: list[TableContents]
    roles: list[_Role]


def dump(url: str, file: Path, *, is_embedded: bool = False) -> Dumped:
    """Write the database into ``file`` while everybody goes on working; both files are whole or not there.

    Raises:
        Conflict: the file is there already.
        DatabaseError: unreachable, no fit ``pg_dump``, or it failed.
    """
    if file.exists():
        raise Conflict(f"{file} is there already: a backup overwrites nothing")
    if not file.parent.is_dir():
        raise InvalidArgument(f"there is no folder {file.parent}")
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}.partial")
    try:
        with _connected(url) as conn, conn.transaction():
            conn.execute("set transaction isolation level repeatable read, read only")
            program = find_program("pg_dump", major=server_major(conn), is_embedded=is_embedded)
            snapshot = _one(conn, "select pg_export_snapshot()")
            taken_at = _one(conn, "select transaction_timestamp()")
            # 0600 before anything is in it: everything of every tenant will be
            partial.touch(mode=0o600)
            run_program(
                program, ["--format=custom", f"--snapshot={snapshot}", f"--file={partial}"], url=url, timeout=_LONGEST
            )
            manifest = _Manifest(
                taken_at=taken_at,
                server_version=conn.info.server_version,
                sha256=_digest_of(partial),
                tables=read_contents(conn),
                roles=_roles_of(conn),
            )
        written = _manifest_of(file)
        written.touch(mode=0o600)
        written.write_text(json.dumps(manifest.model_dump(mode="json"), indent=1) + "\n")
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return Dumped(
        file=file,
        bytes=file.stat().st_size,
        sha256=manifest.sha256,
        table_count=len(manifest.tables),
        row_count=sum(table.row_count for table in manifest.tables),
    )


def restore(url: str, file: Path, *, force: bool = False, is_embedded: bool = False) -> Restored:
    """Make the database at ``url`` what the backup is; whoever is connected to the replaced one is cut off.

    Takes the room of both until it is done. What goes wrong before leaves the old database as it was.

    Raises:
        NotFound: there is no such file, or its manifest is gone.
        InvalidArgument: the file is not what its manifest says.
        Conflict: the database holds something, and ``force`` is false.
        DatabaseError: unreachable, no fit ``pg_restore``, no right to make a database, or the result is not the backup.
    """
    manifest = _read_manifest(file)
    with _beside(url) as admin:
        name = _database_of(url)
        is_there = _one(admin, "select exists (select from pg_catalog.pg_database where datname = %s)", name)
        if is_there and not force:
            _refuse_if_it_holds_anything(url, name)
        program = find_program("pg_restore", major=server_major(admin), is_embedded=is_embedded)
        created = _create_roles(admin, manifest.roles)
        fresh = f"aias_restore_{secrets.token_hex(6)}"
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(fresh)))
        try:
            target = make_conninfo(url, dbname=fresh)
            run_program(program, ["--no-owner", "--exit-on-error", str(file)], url=target, timeout=_LONGEST)
            _prove(target, manifest)
            _swap(admin, fresh, name)
        except BaseException:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(fresh)))
            raise
    return Restored(
        database=name,
        taken_at=manifest.taken_at,
        table_count=len(manifest.tables),
        row_count=sum(table.row_count for table in manifest.tables),
        created_roles=created,
    )


def _prove(target: str, manifest: _Manifest) -> None:
    """See that the new database holds the backup's rows, and that its audit log is guarded; gather its statistics."""
    with _connected(target) as conn:
        with conn.transaction():
            found = {row.table: row for row in read_contents(conn)}
        expected = {row.table: row for row in manifest.tables}
        wrong = [name for name in sorted(found.keys() | expected.keys()) if found.get(name) != expected.get(name)]
        if wrong:
            raise DatabaseError(f"what was restored is not what was backed up: {', '.join(wrong[:20])}")
        if "aias_private.migrations" in found and not audit_is_guarded(conn):
            raise DatabaseError("the audit log of what was restored is not append-only: its triggers are missing")
        conn.execute("analyze")


def _swap(admin: psycopg.Connection[Any], fresh: str, name: str) -> None:
    """Give the new database the old one's name; the old one goes last."""
    old = f"aias_replaced_{secrets.token_hex(6)}"
    is_there = _one(admin, "select exists (select from pg_catalog.pg_database where datname = %s)", name)
    rename = sql.SQL("alter database {} rename to {}")
    if is_there:
        # nobody new gets in between the two statements
        admin.execute(sql.SQL("alter database {} allow_connections false").format(sql.Identifier(name)))
        try:
            admin.execute("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = %s", [name])
            admin.execute(rename.format(sql.Identifier(name), sql.Identifier(old)))
        except BaseException:
            admin.execute(sql.SQL("alter database {} allow_connections true").format(sql.Identifier(name)))
            raise
    try:
        admin.execute(rename.format(sql.Identifier(fresh), sql.Identifier(name)))
    except BaseException:
        if is_there:
            admin.execute(rename.format(sql.Identifier(old), sql.Identifier(name)))
            admin.execute(sql.SQL("alter database {} allow_connections true").format(sql.Identifier(name)))
        raise
    if is_there:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(old)))


def _refuse_if_it_holds_anything(url: str, name: str) -> None:
    with _connected(url) as conn:
        if holds_anything(conn):
            raise Conflict(f"the database {name} is not empty: --force replaces it")


def _roles_of(conn: psycopg.Connection[Any]) -> list[_Role]:
    """Our roles, and those that are granted one of them or mapped to a tenant."""
    rows = conn.execute(
        """
        select r.rolname, r.rolcanlogin, array_remove(array_agg(g.rolname order by g.rolname), null)
        from pg_catalog.pg_roles as r
        left join pg_catalog.pg_auth_members as m on r.oid = m.member
        left join pg_catalog.pg_roles as g on m.roleid = g.oid
        where not r.rolsuper and r.rolname !~ '^pg_'
        group by r.oid, r.rolname, r.rolcanlogin
        having r.rolname ~ '^aias_' or bool_or(g.rolname ~ '^aias_') or exists (
            select from aias_private.tenant_roles as t where t.role_name = r.rolname
        )
        order by r.rolname ~ '^aias_' desc, r.rolname
        """
    ).fetchall()
    return [_Role(name=name, can_login=can_login, member_of=member_of) for name, can_login, member_of in rows]


def _create_roles(admin: psycopg.Connection[Any], roles: list[_Role]) -> list[str]:
    """Make the roles that are missing, then their memberships; those that are there stay as they are."""
    rows = admin.execute("select rolname from pg_catalog.pg_roles").fetchall()
    there = {name for (name,) in rows}
    missing = [role for role in roles if role.name not in there]
    for role in missing:
        kind = sql.SQL("login" if role.can_login else "nologin")
        admin.execute(sql.SQL("create role {} {}").format(sql.Identifier(role.name), kind))
    for role in missing:
        for group in role.member_of:
            admin.execute(sql.SQL("grant {} to {}").format(sql.Identifier(group), sql.Identifier(role.name)))
    return [role.name for role in missing]


def _read_manifest(file: Path) -> _Manifest:
    for needed in (file, _manifest_of(file)):
        if not needed.is_file():
            raise NotFound(f"there is no {needed}")
    try:
        manifest = _Manifest.model_validate_json(_manifest_of(file).read_bytes())
    except ValidationError:
        raise InvalidArgument(f"{_manifest_of(file)} is not the manifest of a backup") from None
    if _digest_of(file) != manifest.sha256:
        raise InvalidArgument(f"{file} is not what its manifest says: it was changed, or is not whole")
    return manifest


def _manifest_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _digest_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _database_of(url: str) -> str:
    parts = conninfo_to_dict(url)
    named = parts.get("dbname") or os.environ.get("PGDATABASE") or parts.get("user") or os.environ.get("PGUSER")
    if not named:
        raise InvalidArgument("the connection string names no database")
    return str(named)


def _connected(url: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_TIMEOUT, application_name="aias/backup")
    except psycopg.OperationalError as error:
        raise DatabaseError(f"can't reach PostgreSQL: {str(error).strip()}") from None


def _beside(url: str) -> psycopg.Connection[Any]:
    """Connect to another database of the same server: the one that is meant will be renamed, or is not there."""
    problem: DatabaseError | None = None
    for name in _MAINTENANCE:
        try:
            return _connected(make_conninfo(url, dbname=name))
        except DatabaseError as error:
            problem = problem or error
    raise problem or DatabaseError("can't reach PostgreSQL")


def _one(conn: psycopg.Connection[Any], query: LiteralString, *values: object) -> Any:
    row = conn.execute(query, values).fetchone()
    return None if row is None else row[0]
