"""Does the live schema equal what the files would give?

The files are applied to a scratch database on the same server, and the two catalogs are compared object by object.
That finds what no ledger can know: a column added by hand, a function replaced in an emergency, a dropped index.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from aias.db.catalog import CatalogObject, read_catalog
from aias.db.migrations import migrate, status
from aias.db.sources import Sources, read_sources
from aias.errors import DatabaseError

__all__ = ["Difference", "check", "expected_catalog", "scratch_database"]

_CONNECT_TIMEOUT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One object that is not as the files say.

    ``missing``: the files make it, the database has not got it; ``unexpected``: the other way round; ``different``:
    both have it, not the same; ``pending``, ``changed``, ``edited``, ``unknown``: a file, as ``status`` says.
    """

    kind: str
    name: str
    problem: Literal["missing", "unexpected", "different", "pending", "changed", "edited", "unknown"]
    expected: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        return f"{self.problem}: {self.kind} {self.name}"


def check(url: str, *, sources: Sources | None = None) -> list[Difference]:
    """List where the database at ``url`` differs from the files; empty when it does not.

    The database itself is only read. The scratch database needs the right to create one, and is dropped whatever
    happens.

    Raises:
        DatabaseError: unreachable, or no right to create a database.
    """
    sources = sources or read_sources()
    differences = [
        Difference(kind="file", name=f"{row.kind} {row.name}", problem=row.state)
        for row in status(url, sources=sources)
        if row.state != "applied"
    ]
    live = _catalog_of(url)
    return differences + compare(expected=expected_catalog(url, sources=sources), found=live)


def compare(
    *, expected: dict[tuple[str, str], CatalogObject], found: dict[tuple[str, str], CatalogObject]
) -> list[Difference]:
    """Compare two catalogs; parts of a table that is not there at all are not listed one by one."""
    differences: list[Difference] = []
    for key in sorted(expected.keys() | found.keys()):
        there, here = expected.get(key), found.get(key)
        if there is not None and here is not None:
            if there.definition != here.definition:
                differences.append(
                    Difference(
                        kind=key[0],
                        name=key[1],
                        problem="different",
                        expected=there.definition,
                        found=here.definition,
                    )
                )
        elif there is not None and (_stands_alone(there) or _has_owner(there, found)):
            differences.append(Difference(kind=key[0], name=key[1], problem="missing", expected=there.definition))
        elif here is not None and (_stands_alone(here) or _has_owner(here, expected)):
            differences.append(Difference(kind=key[0], name=key[1], problem="unexpected", found=here.definition))
    return differences


_OWNERS = ("schema", "type", "sequence", "table", "view", "materialized view", "function")


def _stands_alone(row: CatalogObject) -> bool:
    return row.kind in _OWNERS


def _has_owner(row: CatalogObject, catalog: dict[tuple[str, str], CatalogObject]) -> bool:
    return any((kind, row.belongs_to) in catalog for kind in _OWNERS)


def expected_catalog(url: str, *, sources: Sources) -> dict[tuple[str, str], CatalogObject]:
    """Give the catalog that the files make on the server of ``url``."""
    with scratch_database(url) as scratch:
        migrate(scratch, sources=sources)
        return _catalog_of(scratch)


def _catalog_of(url: str) -> dict[tuple[str, str], CatalogObject]:
    with psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_TIMEOUT) as conn:
        return read_catalog(conn)


@contextmanager
def scratch_database(url: str) -> Generator[str]:
    """Make an empty database on the server of ``url``, and drop it afterwards.

    Raises:
        DatabaseError: unreachable, or no right to create one.
    """
    name = f"aias_scratch_{secrets.token_hex(6)}"
    try:
        admin = psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_TIMEOUT)
    except psycopg.OperationalError as error:
        raise DatabaseError(f"can't reach PostgreSQL: {str(error).strip()}") from None
    with admin:
        try:
            admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise DatabaseError(
                f"the role {admin.info.user} may not create a scratch database to compare with: use one that may"
            ) from None
        try:
            yield make_conninfo(url, dbname=name)
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
