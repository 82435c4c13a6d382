"""The periodic work: rows are sealed, the chain is looked at in parts, and what is found opens an alert."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import psycopg
import pytest

from aias.audit.tasks import check_chain, seal_rows
from aias.errors import PermanentError
from aias.jobs import app
from tests.audit.chain import Chain

if TYPE_CHECKING:
    from procrastinate import JobContext

    from aias.db import Pool


@pytest.fixture
def committed(database_url: str) -> Iterator[Chain]:
    """A chain on a database of the test's own."""
    with psycopg.connect(database_url, autocommit=True) as conn:
        yield Chain(conn=conn)


def context_of(pool: Pool) -> JobContext:
    return cast("JobContext", SimpleNamespace(app=SimpleNamespace(connector=SimpleNamespace(pool=pool))))


def open_alerts(chain: Chain) -> list[tuple[str, Any]]:
    assert chain.rows("select rule, problem from aias_private.evaluate_alerts()") == []
    rows = chain.rows(
        "select key, details from aias.alerts where rule = 'audit_broken' and status <> 'resolved' order by key"
    )
    return [(row["key"], row["details"].get("first_bad_id")) for row in rows]


async def test_rows_are_sealed_and_what_the_daily_look_finds_is_an_alert(committed: Chain, pool: Pool) -> None:
    ids = committed.fill(30)
    committed.rows("update aias_private.alert_rules set resolve_after = '0' where name = 'audit_broken'")
    context = context_of(pool)
    await seal_rows(context)
    assert committed.value("select sum(row_count)::integer from aias.audit_seals") == 30
    await check_chain(context)
    assert open_alerts(committed) == []
    committed.tamper("update aias_private.audit_log set actor = 'nobody' where id = %s", ids[7])
    # the next look begins where the last ended; the part of the old that comes next holds the row
    with pytest.raises(PermanentError, match="row 8 of seal 1 was altered"):
        await check_chain(context)
    assert open_alerts(committed) == [("seal 1", str(ids[7]))]
    (row,) = committed.rows("select actor from aias.audit_log where id = %s", ids[8])
    committed.tamper("update aias_private.audit_log set actor = %s where id = %s", row["actor"], ids[7])
    with pytest.raises(PermanentError):
        await check_chain(context)
    committed.tamper("update aias_private.audit_log set actor = 'user:7' where id = %s", ids[7])
    await check_chain(context)
    assert open_alerts(committed) == []


def test_the_looks_get_to_every_seal(committed: Chain) -> None:
    committed.fill(60)
    assert committed.seal(10) == 6
    looks = "select kind, ok, checked from aias_private.check_audit_chain(2)"
    assert [tuple(row.values()) for row in committed.rows(looks)] == [("new", True, 60)]
    seen: set[int] = set()
    for _ in range(3):
        assert [row["kind"] for row in committed.rows(looks)] == ["new", "rolling"]
        (last,) = committed.rows(
            "select from_seal, to_seal from aias.audit_verifications where kind = 'rolling' order by id desc limit 1"
        )
        seen |= set(range(last["from_seal"], last["to_seal"] + 1))
    assert seen == {1, 2, 3, 4, 5, 6}


def test_it_is_done_each_minute_and_daily() -> None:
    app.perform_import_paths()
    assert app.scheduled["audit-seal"].cron == "* * * * *"
    assert app.scheduled["audit-verify"].cron == "41 3 * * *"
