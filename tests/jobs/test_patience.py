"""How a worker waits for a database that is away or slow."""

from __future__ import annotations

import asyncio
import time

import psycopg
import pytest
from procrastinate import exceptions

from aias.errors import DatabaseError
from aias.jobs.patience import Patience, answered_within, may_pass
from aias.jobs.store import describe_error


async def test_what_is_not_answered_in_time_is_ended() -> None:
    before = time.monotonic()
    with pytest.raises(TimeoutError):
        async with answered_within(0.2):
            await asyncio.sleep(5)
    assert 0.15 < time.monotonic() - before < 5


async def test_time_in_which_the_loop_was_blocked_does_not_count() -> None:
    async with answered_within(0.4):
        time.sleep(1)  # noqa: ASYNC251 (the point)
        await asyncio.sleep(0.1)


async def test_nothing_is_left_behind_when_the_answer_came() -> None:
    async with answered_within(0.05):
        pass
    await asyncio.sleep(0.2)


async def test_patience_ends_after_the_time_and_several_failures() -> None:
    failure = exceptions.ConnectorException()
    failure.__cause__ = psycopg.OperationalError("the server is away")
    patience = Patience(0.0)
    await patience.wait(failure)
    await patience.wait(failure)
    with pytest.raises(DatabaseError, match="the server is away"):
        await patience.wait(failure)
    patience.begin()
    await patience.wait(failure)


@pytest.mark.parametrize(
    ("cause", "passes"),
    [
        (psycopg.OperationalError(), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.DeadlockDetected(), True),
        (psycopg.InterfaceError(), True),
        (TimeoutError(), True),
        (ConnectionResetError(), True),
        (psycopg.errors.CheckViolation(), False),
        (psycopg.errors.UndefinedFunction(), False),
        (ValueError(), False),
    ],
)
def test_only_what_may_work_a_moment_later_is_tried_again(cause: Exception, passes: bool) -> None:
    wrapped = exceptions.ConnectorException()
    wrapped.__cause__ = cause
    assert may_pass(wrapped) == passes
    assert may_pass(cause) == passes


def test_a_stored_error_is_bounded_and_holds_nothing_that_postgresql_refuses() -> None:
    stored = describe_error(ValueError("a\x00b\ud800" + "x" * 10_000))
    assert stored["type"] == "ValueError"
    assert stored["message"].startswith("a\N{REPLACEMENT CHARACTER}b?x")
    assert len(stored["message"]) == 2000
    assert describe_error(KeyError())["message"] == "KeyError"
