"""Names that are too long for the engine (F8)."""

from __future__ import annotations

import secrets

import psycopg
import pytest

from aias.errors import ConfigurationError
from tests.jobs.engine import Engine

TOO_LONG = {
    "queue_name": ("q" * 41, "queue_name_has_1_to_40_bytes"),
    "lock": (secrets.token_hex(2500), "lock_has_at_most_1024_bytes"),
    "queueing_lock": (secrets.token_hex(2500), "queueing_lock_has_at_most_1024_bytes"),
}


@pytest.mark.parametrize("column", TOO_LONG)
async def test_the_plain_engine_fails_inside_its_own_machinery(plain: Engine, column: str) -> None:
    value, _ = TOO_LONG[column]
    with pytest.raises(psycopg.Error, match=r"channel name too long|index row size"):
        plain.insert("mark", **{column: value})


@pytest.mark.parametrize("column", TOO_LONG)
async def test_a_name_that_is_too_long_is_refused_by_its_name(guarded: Engine, column: str) -> None:
    value, constraint = TOO_LONG[column]
    with pytest.raises(psycopg.errors.CheckViolation, match=constraint):
        guarded.insert("mark", **{column: value})


async def test_the_longest_names_work(guarded: Engine) -> None:
    queue = "ü" * 20
    job = guarded.insert("mark", queue_name=queue, lock=secrets.token_hex(512), queueing_lock=secrets.token_hex(512))
    async with guarded.worker(queues=[queue]):
        await guarded.until(lambda: guarded.count("ran", job))


@pytest.mark.parametrize("queue", ["", "q" * 41, "ü" * 21])
async def test_a_worker_refuses_to_listen_to_a_queue_that_cannot_be(guarded: Engine, queue: str) -> None:
    async with guarded.worker(queues=["fine", queue]) as worker:
        await guarded.until(worker.done)
        with pytest.raises(ConfigurationError, match="40 bytes"):
            worker.result()
