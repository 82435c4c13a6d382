"""What gave up and what fails, on their pages: seen by whose it is, decided by who may."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aias.db import Pool
from aias.ids import uuid7
from tests.dashboard.conftest import Connection
from tests.dashboard.work import HOSTILE, run


async def _letter(conn: Connection, execution: UUID) -> UUID:
    # only the engine makes dead letters, from what has failed for good
    cursor = await conn.execute(
        "insert into aias_private.dead_letters (tenant_id, kind, execution_id, reason, error, snapshot)"
        " select e.tenant_id, 'execution', e.id, %s, jsonb_build_object('type', 'PermanentError', 'message', %s::text),"
        ' \'{"password": "kept from all"}\' from aias.executions as e where e.id = %s returning id',
        (HOSTILE, HOSTILE, execution),
    )
    row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def test_a_dead_letter_is_shown_and_discarded_with_a_reason_after_asking(
    browse: Any, conn: Connection, pool: Pool, tenants: dict[str, str]
) -> None:
    letter = await _letter(conn, await run(conn, pool, tenants["acme"]))
    owner, viewer, other = await browse("acme", "*"), await browse("acme", "*:read"), await browse("other", "*")
    for path in ("/dead-letters", f"/dead-letters/{letter}"):
        text = (await owner.get(path)).text
        assert str(letter) in text
        assert "<img src=x" not in text
        assert "kept from all" not in text
    assert f"/dead-letters/{letter}/discard" not in (await viewer.get(f"/dead-letters/{letter}")).text
    assert str(letter) not in (await other.get("/dead-letters?show=all")).text
    for path in ("", "/discard"):
        assert (await other.get(f"/dead-letters/{letter}{path}")).status_code == 404
    for path in ("retry", "discard"):
        assert (await viewer.send_form(f"/dead-letters/{letter}/{path}", reason="x")).status_code == 403
        assert (await other.send_form(f"/dead-letters/{letter}/{path}", reason="x")).status_code == 404
        assert (await owner.post(f"/dead-letters/{letter}/{path}", data={"reason": "x"})).status_code == 403
    assert "Why (stays on record)" in (await owner.get(f"/dead-letters/{letter}/discard")).text
    assert (await owner.send_form(f"/dead-letters/{letter}/discard", reason="")).status_code == 422
    assert (await owner.send_form(f"/dead-letters/{letter}/discard", reason="a test order")).status_code == 303
    assert "a test order" in (await owner.get(f"/dead-letters/{letter}")).text
    assert (await owner.send_form(f"/dead-letters/{letter}/retry")).status_code == 409


async def test_an_error_is_shown_with_its_trend_and_decided_on_by_operators_only(
    browse: Any, conn: Connection, tenants: dict[str, str]
) -> None:
    group, occurrence = uuid7(), uuid7()
    await conn.execute(
        "insert into aias_private.error_groups (id, fingerprint, type, message, frames, first_seen_at, last_seen_at,"
        " failure_count, sample, executions, minute_at, minute_count)"
        " values (%s, %s, 'ValueError', %s, array['aias/x.py: f'], now(), now(), 3, '{}', '{}', now(), 3)",
        (group, str(group), HOSTILE),
    )
    await conn.execute(
        "insert into aias_private.error_tenants (tenant_id, group_id, first_seen_at, last_seen_at, failure_count,"
        " sample, executions) select t.id, %s, now(), now(), 3, '{}', '{}' from aias.tenants as t where t.slug = %s",
        (group, tenants["acme"]),
    )
    await conn.execute(
        "insert into aias_private.error_occurrences (tenant_id, id, group_id, at, source, name, message, process)"
        " select t.id, %s, %s, now(), 'step', 'http.request', %s, 'worker' from aias.tenants as t where t.slug = %s",
        (occurrence, group, HOSTILE, tenants["acme"]),
    )
    owner, other, operator = await browse("acme", "*"), await browse("other", "*"), await browse(None, "*")
    for browser in (owner, operator):
        assert f"/errors/{group}" in (await browser.get("/errors")).text
        text = (await browser.get(f"/errors/{group}")).text
        assert "1 in 24 hours" in text
        assert "http.request" in text
        assert "<img src=x" not in text
    assert f"/errors/{group}" not in (await other.get("/errors?status=all")).text
    assert (await other.get(f"/errors/{group}")).status_code == 404
    assert (await owner.send_form(f"/errors/{group}/resolve", reason="x")).status_code in {403, 404}
    assert (await operator.post(f"/errors/{group}/resolve", data={})).status_code == 403
    assert (await operator.send_form(f"/errors/{group}/resolve", reason="fixed")).status_code == 303
    assert "fixed" in (await operator.get(f"/errors/{group}")).text
    assert (await operator.send_form(f"/errors/{group}/explode")).status_code == 422
