"""What a database holds: rows and a checksum per table, by which a restored one is told to be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from aias.errors import DatabaseError, Forbidden, from_sqlstate

__all__ = ["TableContents", "audit_is_guarded", "holds_anything", "read_contents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContents:
    """A table's rows: how many, and a checksum of them that does not depend on their order."""

    table: str
    row_count: int
    checksum: str


def read_contents(conn: psycopg.Connection[Any]) -> list[TableContents]:
    """Read every table once, by name; a partition is a table of its own. In the caller's transaction and snapshot.

    Sets the transaction's formats of times and numbers: the checksum is made of the rows' text.
    """
    conn.execute("set local timezone to 'UTC'")
    conn.execute("set local datestyle to 'ISO'")
    conn.execute("set local intervalstyle to 'postgres'")
    conn.execute("set local extra_float_digits to 1")
    conn.execute("set local bytea_output to 'hex'")
    tables = conn.execute(
        """
        select n.nspname, c.relname
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
        where c.relkind = 'r' and c.relpersistence = 'p'
            and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        order by 1, 2
        """
    ).fetchall()
    return [_contents_of(conn, schema, name) for schema, name in tables]


def _contents_of(conn: psycopg.Connection[Any], schema: str, name: str) -> TableContents:
    row = conn.execute(
        sql.SQL(
            "select count(*), coalesce(sum(pg_catalog.hashtextextended(t.*::text, 0)::numeric), 0)::text from {} as t"
        ).format(sql.Identifier(schema, name))
    ).fetchone()
    if row is None:
        raise DatabaseError(f"{schema}.{name} can't be counted")
    return TableContents(table=f"{schema}.{name}", row_count=row[0], checksum=row[1])


def holds_anything(conn: psycopg.Connection[Any]) -> bool:
    """Whether the database has tables of anybody's: an empty one may be restored into without a word."""
    row = conn.execute(
        """
        select exists (
            select from pg_catalog.pg_class as c
            inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
            where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        )
        """
    ).fetchone()
    return row is None or bool(row[0])


def audit_is_guarded(conn: psycopg.Connection[Any]) -> bool:
    """Whether the audit log refuses to be emptied: it is tried, and taken back if it should work."""
    try:
        with conn.transaction(force_rollback=True):
            conn.execute("truncate aias_private.audit_log")
    except InsufficientPrivilege:
        return True
    except psycopg.Error as error:
        if isinstance(from_sqlstate(error), Forbidden):
            return True
        raise
    return False
