"""What an analyst reads in psql (``\\d+``): each view says what it means and how fresh it is, each number its unit."""

from __future__ import annotations

import re
from typing import Any

import psycopg

Tx = psycopg.Connection[Any]

FRESH = re.compile(
    r"\bFresh[.;,]|\bFresh to (?:the|a few|\d+) (?:second|minute|hour)s?\b|\bAt most (?:an?|\d+) \w+ behind\."
)
"""``Fresh.`` is what was committed when the query began; else the comment says how far it may be behind."""

NUMBERS = ("smallint", "integer", "bigint", "real", "double precision", "numeric")
UNIT = re.compile(
    r"""
    \bhow\ (?:many|much|often)\b | \bnumber\b | \bcounts?\b | \bcounted\b | \btimes\b | \bids?\b | \bfrom\ [01]\b
    | \b(?:milli)?seconds\b | \bminutes\b | \bhours\b | \bdays\b | \bbytes\b | \b[GMK]iB\b
    | \bratio\b | \bshare\b | \bpercent(?:age)?\b | % | \bunit\b | \bHTTP\ status\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What the comment of a number says of its unit, where the column's name does not."""
UNIT_IN_NAME = re.compile(
    r"(?:^|_)(?:id|count|ms|seconds|bytes|ratio|percent)$|_per_(?:second|minute|month)$"
    # what only has an order
    r"|(?:^|_)(?:attempt|item|version|priority|position)$"
)


def test_every_view_says_how_fresh_it_is(tx: Tx) -> None:
    rows = tx.execute(
        """
        select c.relname, obj_description(c.oid, 'pg_class')
        from pg_class as c
        where c.relnamespace = 'aias'::regnamespace and c.relkind in ('v', 'm')
        order by 1
        """
    ).fetchall()
    assert len(rows) > 30
    assert [name for name, comment in rows if not FRESH.search(comment or "")] == []


def test_every_column_says_what_it_means_and_every_number_in_what_unit(tx: Tx) -> None:
    rows = tx.execute(
        """
        select c.relname || '.' || a.attname, a.attname, format_type(a.atttypid, a.atttypmod),
            coalesce(col_description(c.oid, a.attnum), '')
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'aias'::regnamespace and c.relkind in ('v', 'm')
        order by c.relname, a.attnum
        """
    ).fetchall()
    assert len(rows) > 300
    meaningless = [
        name
        for name, column, _, comment in rows
        # a sentence, and more than the name in other letters
        if not comment.endswith(".") or re.sub(r"[^a-z]", "", comment.lower()) == re.sub(r"[^a-z]", "", column)
    ]
    assert meaningless == []
    without_unit = [
        f"{name}: {comment}"
        for name, column, kind, comment in rows
        if kind in NUMBERS and not UNIT_IN_NAME.search(column) and not UNIT.search(comment)
    ]
    assert without_unit == []


def test_every_materialized_view_is_refreshed_and_every_view_knows_as_of_when(tx: Tx) -> None:
    rows = tx.execute(
        """
        select c.relname from pg_class as c
        where c.relkind = 'm' and c.relnamespace::regnamespace::text in ('aias', 'aias_private')
            and not exists (
                select from aias.freshness as f where f.name = c.relname and f.kind = 'materialized'
            )
        union
        select f.name from aias.freshness as f
        where f.kind = 'materialized' and to_regclass('aias_private.' || f.name) is null
        """
    ).fetchall()
    assert rows == []
