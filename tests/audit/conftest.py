"""A chain in a transaction that is rolled back."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.audit.chain import Chain


@pytest.fixture
def chain(tx: psycopg.Connection[Any]) -> Chain:
    """The audit log of the shared database, whatever it holds already sealed."""
    return Chain(conn=tx)
