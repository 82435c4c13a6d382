"""Breakers: open when too much fails, and not on and off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.integrations.gatehouse import Gatehouse

MOST_NOTICES = 20
"""Of a connection in an hour: ten openings at most (30 s, doubled up to 10 min) and as many closings."""


@pytest.fixture
def house(tx: psycopg.Connection[Any], set_clock: Callable[..., Any]) -> Gatehouse:
    return Gatehouse(tx, set_clock)


def transitions(house: Gatehouse) -> list[str]:
    rows = house.rows("select state from aias.breaker_transitions where tenant = %s order by at, id", house.tenant)
    return [row["state"] for row in rows]


def test_it_opens_when_half_of_twenty_calls_fail(house: Gatehouse) -> None:
    house.note(ok=10, failed=9)
    assert house.breaker()["state"] == "closed"
    house.note(failed=1)
    row = house.breaker()
    assert (row["state"], row["call_count"], row["failure_count"]) == ("open", 20, 10)
    assert row["open_until"] == house.now + timedelta(seconds=30)
    told = house.enter()
    assert told["verdict"] == "gate"
    assert "10 of its last 20 calls failed" in told["told"]
    assert transitions(house) == ["open"]


def test_few_calls_prove_nothing(house: Gatehouse) -> None:
    house.note(failed=19)
    assert house.breaker()["state"] == "closed"


def test_the_window_slides(house: Gatehouse) -> None:
    house.note(failed=15)
    house.at(61)
    house.note(failed=15)
    assert (house.breaker()["state"], house.breaker()["call_count"]) == ("closed", 15)
    house.at(100)
    house.note(failed=5)
    assert house.breaker()["state"] == "open"


def test_refusals_of_the_upstream_are_no_failures(house: Gatehouse) -> None:
    house.note(ok=100)
    assert house.breaker()["failure_count"] == 0


def test_one_good_call_closes_it_and_all_is_forgotten(house: Gatehouse) -> None:
    house.note(failed=40)
    house.at(31)
    assert house.breaker()["state"] == "half_open"
    holder = str(uuid4())
    assert house.enter(holder=holder)["is_probe"]
    house.note({"what": "probe", "holder": holder, "verdict": "ok", "reason": ""}, ok=1)
    assert (house.breaker()["state"], house.breaker()["call_count"]) == ("closed", 0)
    house.note(failed=5)
    assert house.breaker()["state"] == "closed"
    assert transitions(house) == ["open", "closed"]


def test_opening_and_closing_are_audited_and_told_once(house: Gatehouse) -> None:
    for _ in range(5):
        house.note(failed=40)
    house.at(31)
    holder = str(uuid4())
    house.enter(holder=holder)
    house.note({"what": "probe", "holder": holder, "verdict": "ok", "reason": ""})
    rows = house.rows(
        "select action, object_id, detail from aias.audit_log where tenant_id = %s and action like 'breaker.%%'"
        " order by id",
        house.tenant_id,
    )
    assert [row["action"] for row in rows] == ["breaker.opened", "breaker.closed"]
    assert {row["object_id"] for row in rows} == {str(house.integration)}
    assert rows[0]["detail"]["gate"] == house.gate


async def test_whoever_listens_is_told(conn: psycopg.AsyncConnection[Any], database_url: str) -> None:
    await conn.execute("listen aias_event")
    with psycopg.connect(database_url) as tx:
        house = Gatehouse(tx, lambda *_: None)
        house.note(failed=40)
    told = [notice.payload async for notice in conn.notifies(timeout=60, stop_after=1)]
    assert '"type": "breaker.opened"' in told[0]
    assert house.gate in told[0]


def test_thresholds_are_rows(house: Gatehouse) -> None:
    house.tx.execute(
        "insert into aias_private.upstream_rules (kind, error_percent, min_calls, open_for)"
        " values ('http', 10, 5, interval '5 seconds')"
    )
    house.note(ok=8, failed=1)
    row = house.breaker()
    assert (row["state"], row["open_until"]) == ("open", house.now + timedelta(seconds=5))


@pytest.mark.parametrize("minutes", [1, 2, 11])
def test_an_upstream_that_is_good_and_bad_in_turns_causes_few_notices(house: Gatehouse, minutes: int) -> None:
    """Each second a worker asks; what is let through succeeds in good minutes and fails in bad ones."""
    for second in range(0, 3600, 2):
        house.at(second)
        holder = str(uuid4())
        entered = house.enter(holder=holder)
        if entered["verdict"] != "go":
            continue
        is_bad = second // (60 * minutes) % 2 == 0
        calls = 1 if entered["is_probe"] else 6
        verdict = "failed" if is_bad else "ok"
        events = [{"what": "probe", "holder": holder, "verdict": verdict, "reason": ""}] if entered["is_probe"] else []
        house.note(*events, ok=0 if is_bad else calls, failed=calls if is_bad else 0)
    noted = transitions(house)
    assert 2 <= len(noted) <= MOST_NOTICES
    assert all(one != other for one, other in pairwise(noted))
