"""Log records in PostgreSQL: whole, scrubbed, found again, followed without a gap, and never in anybody's way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import structlog

from aias.diagnostics import LogFilter, LogPlace, LogRow, find_logs, follow_logs
from aias.errors import InvalidArgument
from aias.ids import uuid7
from aias.tenants import create_tenant
from tests.diagnostics.recorded import recorder, written

Connection = psycopg.AsyncConnection[Any]

_log = structlog.stdlib.get_logger("acme.shop")

CODE = """
import logging, structlog
from aias.logs import configure_logs
configure_logs("info", log_format="FORMAT")
log = structlog.stdlib.get_logger("ours")
log.info("token shpat_0123456789abcdef", customer={"email": "ann@example.com", "n": [{"password": "planted"}]})
logging.getLogger("theirs").warning("for %s\\n2026-01-01T00:00:00Z [error] forged", "ann@example.com")
try:
    try:
        raise ValueError("Bearer planted-0123456789 of ann@example.com\\nforged line")
    except ValueError as error:
        raise RuntimeError("card 4111111111111111") from error
except RuntimeError:
    log.exception("broken")
"""


@pytest.mark.parametrize("form", ["json", "text"])
def test_stderr_shows_no_secret_no_person_and_no_forged_line(tmp_path: Path, form: str) -> None:
    code = CODE.replace("FORMAT", form)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    for hidden in ("shpat_0123456789abcdef", "ann@example.com", "planted", "4111111111111111"):
        assert hidden not in done.stderr
    assert "ValueError" in done.stderr
    assert "RuntimeError" in done.stderr
    lines = done.stderr.splitlines()
    assert not any(line.startswith(("2026-01-01T00:00:00Z", "forged")) for line in lines)
    if form == "json":
        assert [json.loads(line)["logger"] for line in lines] == ["ours", "theirs", "ours"]


async def test_a_record_is_kept_with_what_was_bound_and_without_what_is_secret(
    conn: Connection, database_url: str
) -> None:
    tenant, execution = await create_tenant(conn, slug="acme"), uuid4()
    async with recorder(database_url) as opened:
        with structlog.contextvars.bound_contextvars(
            tenant_id=str(tenant), execution_id=str(execution), step="fetch", job_id=7, correlation_id="c-1",
            trace_id="a" * 32, request_id="r-1",
        ):  # fmt: skip
            _log.info("order\nread", order={"email": "ann@example.com", "total": 3}, api_key="planted")
        try:
            int("of ann@example.com with Bearer planted-0123")
        except ValueError:
            logging.getLogger("theirs").exception("job %s of %s", 8, "ann@example.com", extra={"token": "planted"})
        _log.debug("not of this level")
        await written(opened)
    theirs, ours = await find_logs(conn, LogFilter())
    assert (ours.level, ours.logger, ours.message, ours.tenant) == ("info", "acme.shop", "order\\nread", "acme")
    assert (ours.execution_id, ours.step, ours.job_id, ours.correlation_id) == (execution, "fetch", 7, "c-1")
    assert (ours.trace_id, ours.request_id) == ("a" * 32, "r-1")
    assert ours.context == {"order": {"email": "[redacted]", "total": 3}, "api_key": "[redacted]"}
    assert ours.process.startswith("worker@")
    assert (theirs.level, theirs.message, theirs.context["token"]) == ("error", "job 8 of [redacted]", "[redacted]")
    assert "of [redacted] with Bearer [redacted]" in theirs.context["exception"]
    stored = await conn.execute(
        "select count(*) from aias_private.logs as l where l::text ~ 'ann@example|planted'"
        " union all select count(*) from aias_private.error_groups as g where g::text ~ 'ann@example|planted'"
        " union all select count(*) from aias_private.error_occurrences as o where o::text ~ 'ann@example|planted'"
    )
    assert await stored.fetchall() == [(0,)] * 3
    parts = await conn.execute("select tableoid::regclass::text from aias_private.logs order by level")
    assert [name.partition("_2")[0] for (name,) in await parts.fetchall()] == [
        "aias_private.logs_error",
        "aias_private.logs_info",
    ]


async def add(conn: Connection, message: str, **fields: Any) -> UUID:
    """One record, written by hand in a transaction of the caller's."""
    row = {"id": str(uuid7()), "at": "now", "level": "info", "logger": "test", "message": message, "process": "p"}
    await conn.execute("select aias_private.add_logs(%s::jsonb)", (json.dumps([row | fields], default=str),))
    return UUID(row["id"])


async def test_records_are_found_by_level_execution_correlation_time_and_words(conn: Connection) -> None:
    acme, other = await create_tenant(conn, slug="acme"), await create_tenant(conn, slug="other")
    execution = uuid4()
    first = await add(conn, "payment of the order was refused", tenant_id=acme, level="warning")
    second = await add(conn, "order imported", tenant_id=acme, execution_id=execution, context={"shop": "Zürich-Süd"})
    third = await add(conn, "payment broke", tenant_id=other, level="error", correlation_id="c-9", request_id="r-9")

    async def ids(**which: Any) -> list[UUID]:
        return [row.id for row in await find_logs(conn, LogFilter(**which))]

    assert await ids() == [third, second, first]
    assert await ids(tenant_id=acme) == [second, first]
    assert await ids(level="warning") == [third, first]
    assert await ids(level="error") == [third]
    assert await ids(level="critical") == []
    assert await ids(execution_id=execution) == [second]
    assert await ids(correlation_id="c-9") == await ids(request_id="r-9") == [third]
    assert await ids(text="payment -order") == [third]
    assert await ids(text='"payment of the order" or imported') == [second, first]
    assert await ids(text="zürich-süd") == [second]
    cursor = await conn.execute("select aias_private.uuid7_time(%s)", (second,))
    ((at,),) = await cursor.fetchall()
    assert await ids(since=at) in ([third, second], [third, second, first])
    assert third not in await ids(until=at)
    assert [row.id for row in await find_logs(conn, LogFilter(), before=third, limit=1)] == [second]
    # sent again by a recorder that did not hear the answer: once
    await conn.execute(
        "select aias_private.add_logs(jsonb_build_array(to_jsonb(l))) from aias.logs as l where l.id = %s", (third,)
    )
    assert await ids() == [third, second, first]


async def test_a_tenant_reads_its_own_records_only(conn: Connection) -> None:
    acme, other = await create_tenant(conn, slug="acme"), await create_tenant(conn, slug="other")
    own = await add(conn, "mine", tenant_id=acme)
    await add(conn, "theirs", tenant_id=other)
    await add(conn, "nobody's")
    async with conn.transaction():
        await conn.execute("select set_config('aias.tenant_id', %s, true)", (str(acme),))
        await conn.execute("set local role aias_app")
        assert [row.id for row in await find_logs(conn, LogFilter())] == [own]
        assert await find_logs(conn, LogFilter(tenant_id=other)) == []
        cursor = await conn.execute("select id from aias.logs")
        assert await cursor.fetchall() == [(own,)]


async def test_following_misses_and_repeats_nothing_though_commits_are_out_of_order(
    conn: Connection, database_url: str
) -> None:
    seen: list[LogRow] = []
    ready = asyncio.Event()

    async def follow() -> None:
        async with (
            await psycopg.AsyncConnection.connect(database_url, autocommit=True) as own,
            contextlib.aclosing(
                follow_logs(lambda: contextlib.nullcontext(own), LogFilter(level="info"), every=0.02)
            ) as pages,
        ):
            async for page in pages:
                ready.set()
                seen.extend(page.rows)
                if page.rows and page.rows[-1].message == "last":
                    return

    before = await add(conn, "before")
    following = asyncio.create_task(follow())
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        early = await add(slow, "begun before the follower, committed last")
        await ready.wait()
        expected: set[UUID] = {early}
        for number in range(20):
            async with await psycopg.AsyncConnection.connect(database_url) as late:
                expected.add(await add(late, f"late {number}"))
                expected.add(await add(conn, f"meanwhile {number}"))
                await late.commit()
        await slow.commit()
    last = await add(conn, "last")
    async with asyncio.timeout(20):
        await following
    assert len(seen) == len(expected) + 1
    assert {row.id for row in seen} == expected | {last}
    assert before not in {row.id for row in seen}


async def test_who_comes_back_in_the_middle_of_a_page_gets_the_rest_though_more_was_committed(
    conn: Connection, database_url: str
) -> None:
    @contextlib.asynccontextmanager
    async def lend() -> AsyncIterator[Connection]:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as own:
            yield own

    async def pages_until(count: int, start: LogPlace | None) -> tuple[list[str], LogPlace]:
        seen: list[str] = []
        async with (
            asyncio.timeout(60),
            contextlib.aclosing(follow_logs(lend, LogFilter(), start=start, every=0.02)) as pages,
        ):
            async for page in pages:
                for row in page.rows:
                    seen.append(row.message)
                    if len(seen) == count:
                        return seen, LogPlace.parse(str(page.at(row)))
                if count == 0:
                    return seen, page.place
        raise AssertionError

    _, begin = await pages_until(0, None)
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        await add(slow, "early, committed late")
        first = [f"first {number:04}" for number in range(1200)]
        rows = [
            {"id": str(uuid7()), "at": "now", "level": "info", "logger": "t", "message": message, "process": "p"}
            for message in first
        ]
        await conn.execute("select aias_private.add_logs(%s::jsonb)", (json.dumps(rows),))
        seen, middle = await pages_until(700, begin)
        assert seen == first[:700]
        await slow.commit()
    await add(conn, "last")
    # what was committed meanwhile is older than where the page was left, and comes after it all the same
    rest, _ = await pages_until(502, middle)
    assert rest[:500] == first[700:]
    assert sorted(rest[500:]) == ["early, committed late", "last"]
    with pytest.raises(InvalidArgument):
        await anext(follow_logs(lend, LogFilter(), start=LogPlace.parse("1:9999999999:")))
    with pytest.raises(InvalidArgument):
        LogPlace.parse("now")


async def test_a_database_that_does_not_answer_holds_nobody_up_and_what_is_dropped_is_counted(
    conn: Connection, database_url: str
) -> None:
    async with recorder(database_url) as opened:
        async with await psycopg.AsyncConnection.connect(database_url) as locking:
            await locking.execute("lock table aias_private.logs in access exclusive mode")
            begun = time.monotonic()
            for number in range(15_000):
                _log.info("flood", number=number)
            took = time.monotonic() - begun
            await locking.rollback()
        await written(opened)
        _log.info("after")
        await written(opened)
    assert took < 60
    cursor = await conn.execute(
        "select count(*) filter (where message = 'flood'), count(*) filter (where message = 'after'),"
        " sum((context ->> 'dropped')::integer) from aias.logs"
    )
    ((kept, after, dropped),) = await cursor.fetchall()
    assert kept + dropped == 15_000
    assert dropped > 0
    assert after == 1


async def test_the_end_writes_what_is_left_and_does_not_wait_for_ever(
    conn: Connection, database_url: str, unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    async with recorder(database_url):
        for number in range(3000):
            _log.info("last words", number=number)
    cursor = await conn.execute("select count(*) from aias.logs where message = 'last words'")
    assert await cursor.fetchone() == (3000,)
    begun = time.monotonic()
    async with recorder(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none"):
        _log.info("to nobody")
    assert time.monotonic() - begun < 60
