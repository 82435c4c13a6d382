"""A table with a column of every kind, and a directory to archive to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

Connection = psycopg.AsyncConnection[Any]

TABLE = "samples"
PARTITION = "samples_2026_01"


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the archive is."""
    folder = tmp_path / "an archive"
    monkeypatch.setenv("AIAS_ARCHIVE_URL", folder.as_uri())
    return folder


@pytest.fixture
async def samples(conn: Connection) -> Connection:
    """A partitioned table of ours with unusual values; its partition of January 2026 has 2,503 rows."""
    await conn.execute("create type aias_private.mood as enum ('glad', 'very sad')")
    await conn.execute(
        """
        create table aias_private.samples (
            id uuid default aias_private.uuid7() not null,
            tenant_id uuid not null,
            "at the Time" timestamptz,
            local timestamp,
            day date,
            document jsonb,
            raw bytea,
            amount numeric,
            price numeric(12, 2),
            words text[],
            numbers integer[],
            mood aias_private.mood,
            is_on boolean,
            small smallint,
            number integer,
            big bigint,
            short real,
            long double precision,
            span interval,
            code varchar(10),
            label text default '' not null,
            constraint samples_pkey primary key (tenant_id, id)
        ) partition by range (id)
        """
    )
    await conn.execute("create table aias_private.samples_default partition of aias_private.samples default")
    await make_partition(conn)
    await conn.execute(
        """
        insert into aias_private.samples (id, tenant_id, "at the Time", local, day, document, raw, amount, price, words,
            numbers, mood, is_on, small, number, big, short, long, span, code, label)
        select
            overlay(gen_random_uuid()::text placing left(aias_private.uuid7_floor(
                timestamptz '2026-01-01T00:00:00Z' + n * interval '1 minute')::text, 13) from 1 for 13)::uuid,
            gen_random_uuid(), timestamptz '2026-01-01T00:00:00.000001Z' + n * interval '1.000001 s',
            timestamp '2026-01-01' + n * interval '1 h', date '2026-01-01' + n,
            jsonb_build_object('n', n, 'text', 'zebra "quoted" \\u00e9 ☃'), sha256(n::text::bytea), n / 7.0, n / 100.0,
            array['a,b', null, n::text], array[n, null], 'very sad', n % 2 = 0, n % 32767, n, n * 10000000000,
            n / 3.0, n / 3.0, n * interval '1 month 2 days 3.5 s', n::text, 'row ' || n || ' ☃'
        from generate_series(1, 2500) as n
        """
    )
    for at, day, number, text in (
        ("infinity", "infinity", "NaN", "it's\\n a \\\\ backslash"),
        ("-infinity", "-infinity", "-Infinity", ""),
        ("0044-03-15 12:00:00.123456 BC", "4713-01-01 BC", "1e308", "\t\n\r"),
    ):
        await conn.execute(
            """
            insert into aias_private.samples (
                id, tenant_id, "at the Time", local, day, long, short, amount, raw, words, label
            )
            values (
                aias_private.uuid7_floor('2026-01-20T00:00:00Z'), gen_random_uuid(), %(at)s::timestamptz,
                %(at)s::timestamp, %(day)s::date, %(number)s::float8, 'NaN',
                123456789012345678901234567890.123456789, '', '{}', %(text)s)
            """,
            {"at": at, "day": day, "number": number, "text": text},
        )
    return conn


async def make_partition(conn: Connection) -> None:
    await conn.execute(
        """
        do $$
        begin
            execute format('create table aias_private.samples_2026_01 partition of aias_private.samples'
                ' for values from (%L) to (%L)',
                aias_private.uuid7_floor('2026-01-01T00:00:00Z'), aias_private.uuid7_floor('2026-02-01T00:00:00Z'));
        end
        $$
        """
    )


async def value(conn: Connection, query: Any, *arguments: Any) -> Any:
    """The one value that a query gives."""
    row = await (await conn.execute(query, arguments)).fetchone()
    assert row is not None
    return row[0]


async def rows(conn: Connection, schema: str) -> list[str]:
    """All rows of the partition as PostgreSQL writes them, sorted."""
    query = sql.SQL("select array_agg(t::text order by t::text) from {} as t")
    return await value(conn, query.format(sql.Identifier(schema, PARTITION)))
