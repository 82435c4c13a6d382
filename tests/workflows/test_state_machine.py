"""The ledger under random interleavings of workers, crashes, zombies and people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from pytest_postgresql.executors import PostgreSQLExecutor

from tests.conftest import _database
from tests.workflows.ledger_machine import Machine


@pytest.fixture(scope="module")
def machine_url(postgresql_proc: PostgreSQLExecutor, _template: str) -> Iterator[str]:
    """A database of its own: its clock is set, and its jobs are nobody else's."""
    with _database(postgresql_proc, _template) as url:
        yield url


def test_whatever_the_order_of_events_the_ledger_stays_whole(machine_url: str) -> None:
    Machine.url = machine_url
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
