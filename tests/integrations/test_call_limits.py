"""Limits of connections: no more calls than the rate and one burst, and places that a crash gives back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integrations.gatehouse import START, Gatehouse


@pytest.fixture
def house(tx: psycopg.Connection[Any], set_clock: Callable[..., Any]) -> Gatehouse:
    return Gatehouse(tx, set_clock)


def limit(
    house: Gatehouse, rate: int | None, per: str | None, burst: int | None = None, running: int | None = None
) -> None:
    house.rows(
        "select aias.set_limit('connection', %s, %s, %s, %s::interval, %s)", house.gate, running, rate, per, burst
    )


def places(house: Gatehouse) -> int:
    return house.value("select running_count from aias.limits where name = %s", house.gate)


def test_without_a_limit_a_worker_may_go_on_for_a_second_without_asking(house: Gatehouse) -> None:
    told = house.enter(ahead_count=1, ahead_points=1)
    assert (told["verdict"], told["has_place"]) == ("go", False)
    assert min(told["ahead_count"], told["ahead_points"]) >= 100_000


def test_calls_that_come_too_early_get_a_time_of_their_own(house: Gatehouse) -> None:
    limit(house, 10, "1 s", 2)
    told = house.enter_all(*[house.call() for _ in range(5)])
    assert [row["verdict"] for row in told] == ["go", "go", "rate", "rate", "rate"]
    assert [(row["until"] - START).total_seconds() for row in told[2:]] == pytest.approx([0.1, 0.2, 0.3])
    assert told[2]["gate"] == house.gate
    assert "10 calls per 00:00:01" in told[2]["told"]


def test_what_was_put_off_goes_ahead_of_what_is_new(house: Gatehouse) -> None:
    limit(house, 10, "1 s", 1)
    house.enter_all(*[house.call() for _ in range(3)])  # one goes, two are promised 0.1 and 0.2
    house.at(0.1)
    told = house.enter_all(house.call(), house.call(mode="back"))
    assert [row["verdict"] for row in told] == ["rate", "go"]
    assert (told[0]["until"] - START).total_seconds() == pytest.approx(0.3)


def test_times_that_nobody_came_for_are_anybodys_after_a_second(house: Gatehouse) -> None:
    limit(house, 1, "1 s", 1)
    house.enter_all(*[house.call() for _ in range(100)])  # cancelled, say: none of them comes back
    house.at(1.5)
    assert house.enter()["verdict"] == "rate"
    house.at(2.1)
    assert house.enter()["verdict"] == "go"
    house.at(3.2)
    assert house.enter()["verdict"] == "go"


def test_a_call_that_has_patience_is_taken_now_and_made_then(house: Gatehouse) -> None:
    limit(house, 2, "1 s", 1)
    told = house.enter_all(*[house.call(mode="inside", patience=2.0) for _ in range(6)])
    assert [row["verdict"] for row in told] == ["go"] * 5 + ["rate"]
    assert [row["wait_seconds"] for row in told[:5]] == pytest.approx([0, 0.5, 1.0, 1.5, 2.0])


def test_calls_ahead_are_taken_from_the_limit_and_only_where_it_is_far(house: Gatehouse) -> None:
    limit(house, 10, "1 s", 20)
    told = house.enter(ahead_count=100, ahead_points=100)
    assert told["ahead_count"] == 9  # with the call itself half of the burst
    assert house.enter(ahead_count=100)["ahead_count"] == 0
    assert [row["verdict"] for row in house.enter_all(*[house.call() for _ in range(10)])] == ["go"] * 9 + ["rate"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.integers(1, 20),
    burst=st.integers(1, 10),
    steps=st.lists(
        st.tuples(
            st.integers(0, 400), st.integers(1, 4), st.sampled_from(["new", "back", "inside"]), st.integers(0, 5)
        ),
        min_size=5,
        max_size=40,
    ),
)
def test_in_any_time_no_more_go_than_the_rate_and_one_burst(
    house: Gatehouse, rate: int, burst: int, steps: list[tuple[int, int, str, int]]
) -> None:
    limit(house, rate, "1 s", burst)
    house.tx.execute("delete from aias_private.rate_states where key = %s", (f"connection:{house.integration}",))
    begun: list[float] = []
    now = 0
    for pause, count, mode, ahead in steps:
        now += pause
        house.at(now / 1000)
        patience = 5.0 if mode == "inside" else 0.25
        calls = [house.call(mode=mode, patience=patience, ahead_count=ahead, ahead_points=ahead) for _ in range(count)]
        for told in house.enter_all(*calls):
            if told["verdict"] == "go":
                begun.extend([now / 1000 + told["wait_seconds"]] * (1 + told["ahead_count"]))
    begun.sort()
    for first, start in enumerate(begun):
        for last in range(first, len(begun)):
            assert last - first + 1 <= burst + rate * (begun[last] - start) + 0.01


def test_so_many_at_once_and_the_next_when_one_has_ended(house: Gatehouse) -> None:
    limit(house, None, None, running=2)
    told = house.enter_all(*[house.call(holder=str(uuid4())) for _ in range(3)])
    assert [row["verdict"] for row in told] == ["go", "go", "place"]
    assert [row["has_place"] for row in told] == [True, True, False]
    assert "at most 2 calls at once" in told[2]["told"]
    assert places(house) == 2


def test_a_place_comes_back_when_its_call_ends_or_its_worker_dies(house: Gatehouse) -> None:
    limit(house, None, None, running=1)
    holder = str(uuid4())
    house.enter(holder=holder, timeout=30.0)
    house.note({"what": "left", "holder": holder})
    assert house.enter(timeout=30.0)["verdict"] == "go"
    house.at(39)
    assert house.enter()["verdict"] == "place"
    house.at(41)
    assert house.enter()["verdict"] == "go"
    assert places(house) == 1


def test_what_is_limited_in_number_is_asked_for_each_time(house: Gatehouse) -> None:
    limit(house, None, None, running=5)
    assert house.enter(ahead_count=10)["ahead_count"] == 0


THROTTLE = {"what": "throttle", "maximum": 1000, "restore": 50, "age": 0}


def test_the_upstreams_own_bucket_is_learned_and_kept_to(house: Gatehouse) -> None:
    house.note({**THROTTLE, "available": 100, "charged": 10, "actual": 10})
    assert house.enter(cost=90)["verdict"] == "go"
    told = house.enter(cost=60)
    assert (told["verdict"], told["wait_seconds"]) == ("rate", pytest.approx(1.0))
    house.at(1.0)
    assert house.enter(cost=60, mode="back")["verdict"] == "go"


def test_points_that_a_call_did_not_use_come_back(house: Gatehouse) -> None:
    house.note({**THROTTLE, "available": 1000, "charged": 0, "actual": 0})
    house.enter(cost=800)
    assert house.enter(cost=300)["verdict"] == "rate"
    house.note({**THROTTLE, "available": 900, "charged": 800, "actual": 100})
    assert house.enter(cost=300, mode="back")["verdict"] == "go"


def test_what_the_upstream_said_a_while_ago_has_grown_since(house: Gatehouse) -> None:
    house.note({**THROTTLE, "available": 0, "charged": 0, "actual": 0, "age": 1.0})
    assert house.enter(cost=50)["verdict"] == "go"


@pytest.mark.parametrize(
    ("url", "told"),
    [("https://gql.waveapps.com/graphql/public", "place"), ("http://127.0.0.1:7777", "go")],
)
def test_wave_has_a_limit_of_its_own_and_a_local_server_has_none(
    tx: psycopg.Connection[Any], set_clock: Callable[..., Any], url: str, told: str
) -> None:
    house = Gatehouse(tx, set_clock, kind="wave", url=url)
    assert [row["verdict"] for row in house.enter_all(house.call(), house.call())] == ["go", told]


def test_no_more_than_60_calls_a_minute_go_to_wave(tx: psycopg.Connection[Any], set_clock: Callable[..., Any]) -> None:
    house = Gatehouse(tx, set_clock, kind="wave", url="https://gql.waveapps.com")
    count = 0
    for second in range(59):
        house.at(second)
        for _ in range(5):
            holder = str(uuid4())
            if house.enter(holder=holder, mode="back")["verdict"] == "go":
                count += 1
                house.note({"what": "left", "holder": holder})
    assert 50 <= count <= 60


def test_a_limit_of_ones_own_stands_in_place_of_the_kinds(
    tx: psycopg.Connection[Any], set_clock: Callable[..., Any]
) -> None:
    house = Gatehouse(tx, set_clock, kind="wave", url="https://gql.waveapps.com")
    limit(house, 1000, "1 s", 1000)
    assert {row["verdict"] for row in house.enter_all(*[house.call() for _ in range(50)])} == {"go"}
    house.rows("select aias.remove_limit('connection', %s)", house.gate)
    assert [row["verdict"] for row in house.enter_all(house.call(), house.call())] == ["go", "place"]


def test_a_probe_goes_under_the_limits_as_well(house: Gatehouse) -> None:
    limit(house, 1, "10 s", 1)
    house.enter()
    house.close(seconds=1)
    house.at(2)
    assert house.enter()["verdict"] == "rate"
    house.at(10)
    assert house.enter(mode="back")["is_probe"]


def test_a_limit_goes_with_its_connection(house: Gatehouse) -> None:
    limit(house, 1, "10 s", 1)
    house.enter()
    house.note({**THROTTLE, "available": 0, "charged": 0, "actual": 0})
    house.rows("select aias.disconnect_integration(%s, 'http', 'main')", house.tenant)
    keys = [f"connection:{house.integration}", f"points:{house.integration}"]
    assert house.value("select count(*) from aias_private.limits where key = any(%s)", keys) == 0
    assert house.value("select count(*) from aias_private.rate_states where key = any(%s)", keys) == 0


@pytest.mark.parametrize(("name", "state"), [("http", "JR403"), ("http:absent", "JR404"), ("no such!", "JR422")])
def test_an_application_limits_its_own_connections(house: Gatehouse, name: str, state: str) -> None:
    house.act_as("aias_app", house.tenant_id)
    house.rows("select aias.set_limit('connection', 'http:main', 3)")
    assert [row["name"] for row in house.rows("select name from aias.limits where scope = 'connection'")] == [
        house.gate
    ]
    with pytest.raises(psycopg.Error) as caught:
        house.rows("select aias.set_limit('connection', %s, 3)", name)
    assert caught.value.sqlstate == state


def test_the_time_of_a_late_call_is_not_lost(house: Gatehouse) -> None:
    """A worker that is too busy to come in time finds its place all the same: times are forecasts."""
    limit(house, 1, "1 s", 1)
    told = house.enter_all(*[house.call() for _ in range(3)])
    assert told[2]["until"] == START + timedelta(seconds=2)
    house.at(10)
    assert house.enter(mode="back")["verdict"] == "go"
