"""Gates: what is closed lets nothing through, what was closed lets one through first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.integrations.gatehouse import Gatehouse

GONE = {"verdict": "gone", "reason": ""}


@pytest.fixture
def house(tx: psycopg.Connection[Any], set_clock: Callable[..., Any]) -> Gatehouse:
    return Gatehouse(tx, set_clock)


def verdicts(house: Gatehouse, count: int, **given: Any) -> list[str]:
    return [row["verdict"] for row in house.enter_all(*[house.call(**given) for _ in range(count)])]


def probe(house: Gatehouse, verdict: str) -> dict[str, Any]:
    """Enter as the probe; gives the event that tells of its end."""
    holder = str(uuid4())
    entered = house.enter(holder=holder)
    assert (entered["verdict"], entered["is_probe"]) == ("go", True)
    return {"what": "probe", "holder": holder, "verdict": verdict, "reason": "answered 503"}


def test_a_closed_gate_lets_nothing_through_and_says_why(house: Gatehouse) -> None:
    assert verdicts(house, 2) == ["go", "go"]
    house.close(seconds=60, reason="the shop moves")
    told = house.enter()
    assert (told["verdict"], told["gate"]) == ("gate", house.gate)
    assert told["until"] >= house.now + timedelta(seconds=60)
    assert "the shop moves" in told["told"]
    assert verdicts(house, 3) == ["gate"] * 3
    row = house.state()
    assert (row["state"], row["source"], row["reason"]) == ("closed", "operator", "the shop moves")


def test_another_connection_of_the_tenant_goes_on(house: Gatehouse) -> None:
    other = house.connect("http", "other")
    house.close()
    assert house.enter(integration=str(other), connection="other")["verdict"] == "go"


def test_the_gate_of_a_kind_stops_all_tenants(house: Gatehouse, set_clock: Callable[..., Any]) -> None:
    neighbour = Gatehouse(house.tx, set_clock)
    house.close("http")
    for one in (house, neighbour):
        told = one.enter()
        assert (told["verdict"], told["gate"]) == ("gate", "http")
    assert house.value("select aias.open_gate('http')") is True
    assert neighbour.enter()["verdict"] == "go"


def test_when_its_time_is_up_one_call_goes_first_and_opens_it(house: Gatehouse) -> None:
    house.close(seconds=60)
    house.at(61)
    assert house.state()["state"] == "half_open"
    event = probe(house, "ok")
    assert verdicts(house, 5) == ["gate"] * 5
    house.note(event)
    assert house.state()["state"] == "open"
    assert verdicts(house, 5) == ["go"] * 5


def test_a_probe_that_fails_closes_it_for_longer_each_time(house: Gatehouse) -> None:
    house.close(seconds=60)
    at, pauses = 61.0, []
    for _ in range(4):
        house.at(at)
        house.note(probe(house, "failed"))
        row = house.state()
        assert row["state"] == "closed"
        pauses.append((row["closed_until"] - house.now).total_seconds())
        assert verdicts(house, 2) == ["gate", "gate"]
        at += pauses[-1] + 1
    assert pauses == [30, 60, 120, 240]


def test_a_probe_whose_worker_died_is_followed_by_another_when_its_lease_ends(house: Gatehouse) -> None:
    house.close(seconds=60)
    house.at(61)
    event = probe(house, "ok")
    house.at(61 + 39)  # the call's timeout and ten seconds
    assert verdicts(house, 1) == ["gate"]
    house.at(61 + 41)
    second = probe(house, "ok")
    house.note(event)  # the first comes back from the dead: it decides nothing any more
    assert house.state()["state"] == "half_open"
    house.note(second)
    assert house.state()["state"] == "open"


def test_a_probe_that_was_stopped_lets_the_next_one_go_at_once(house: Gatehouse) -> None:
    house.close(seconds=60)
    house.at(61)
    house.note(probe(house, "gone"))
    assert house.enter()["is_probe"]


def test_of_those_who_wait_one_comes_when_the_time_is_up_and_the_others_later(house: Gatehouse) -> None:
    house.close(seconds=60)
    times = [row["until"] for row in house.enter_all(*[house.call() for _ in range(20)])]
    due = house.now + timedelta(seconds=60)
    assert times[0] == due
    assert all(time >= due + timedelta(seconds=5) for time in times[1:])


def test_a_pause_that_the_upstream_asks_for_closes_the_gate_for_so_long(house: Gatehouse) -> None:
    for _ in range(3):  # calls that were under way together are told the same, and count once
        house.note({"what": "pause", "seconds": 20, "reason": "http:main answered 429"})
    row = house.state()
    assert (row["source"], row["close_count"], row["reason"]) == ("upstream", 1, "http:main answered 429")
    assert row["closed_until"] == house.now + timedelta(seconds=20)


def test_a_pause_without_a_time_doubles_up_to_a_minute(house: Gatehouse) -> None:
    at, pauses = 0.0, []
    for _ in range(8):
        house.at(at)
        holder = str(uuid4())
        assert house.enter(holder=holder)["verdict"] == "go"
        house.note({"what": "pause", "seconds": None, "reason": "429"}, {"what": "probe", "holder": holder} | GONE)
        pauses.append((house.state()["closed_until"] - house.now).total_seconds())
        at += pauses[-1]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_what_an_operator_closed_stays_closed_whatever_the_upstream_says(house: Gatehouse) -> None:
    house.close(seconds=None, reason="until I say so")
    house.note({"what": "pause", "seconds": 1, "reason": "429"})
    house.at(100_000)
    assert house.enter()["verdict"] == "gate"
    assert house.state()["reason"] == "until I say so"
    assert house.value("select aias.open_gate(%s)", house.gate) is True
    assert house.value("select aias.open_gate(%s)", house.gate) is False
    assert house.enter()["verdict"] == "go"


def test_closing_and_opening_are_audited(house: Gatehouse) -> None:
    house.close(reason="the shop moves")
    house.rows("select aias.open_gate(%s)", house.gate)
    rows = house.rows("select action, object_id, detail from aias.audit_log where tenant_id = %s", house.tenant_id)
    told = {row["action"]: row for row in rows}
    assert told["gate.closed"]["object_id"] == told["gate.opened"]["object_id"] == house.gate
    assert told["gate.closed"]["detail"]["reason"] == "the shop moves"


@pytest.mark.parametrize(
    ("gate", "state"),
    [("http", "JR403"), ("http:{other}/main", "JR404"), ("http:{own}/absent", "JR404"), ("HTTP main", "JR422")],
)
@pytest.mark.parametrize("call", ["select aias.close_gate(%s, null, 'x')", "select aias.open_gate(%s)"])
def test_an_application_touches_its_own_tenants_gates_only(
    house: Gatehouse, set_clock: Callable[..., Any], gate: str, state: str, call: Any
) -> None:
    other = Gatehouse(house.tx, set_clock)
    house.act_as("aias_app", house.tenant_id)
    with pytest.raises(psycopg.Error) as caught, house.tx.transaction():
        house.rows(call, gate.format(own=house.tenant, other=other.tenant))
    assert caught.value.sqlstate == state


def test_an_application_may_leave_its_tenant_out_and_sees_its_own_gates(
    house: Gatehouse, set_clock: Callable[..., Any]
) -> None:
    other = Gatehouse(house.tx, set_clock)
    other.close()
    house.close("http", reason="all of it")
    house.act_as("aias_app", house.tenant_id)
    house.close("http:main")
    assert {row["gate"] for row in house.rows("select gate from aias.gates")} == {"http", house.gate}
    assert [row["connection"] for row in house.rows("select connection from aias.breakers")] == ["main"]


@pytest.mark.parametrize(
    ("until", "reason", "argument"), [("-1 s", "x", "p_until"), ("11 years", "x", "p_until"), ("1 h", "", "p_reason")]
)
def test_times_in_the_past_and_missing_reasons_are_refused(
    house: Gatehouse, until: str, reason: str, argument: str
) -> None:
    with pytest.raises(psycopg.Error) as caught:
        house.rows("select aias.close_gate(%s, aias_private.now() + %s::interval, %s)", house.gate, until, reason)
    assert (caught.value.sqlstate, caught.value.diag.column_name) == ("JR422", argument)
