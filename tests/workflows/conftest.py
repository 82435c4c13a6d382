"""Fixtures of the engine's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aias.db import Pool
from tests.workflows.lab import Lab


@pytest.fixture
async def lab(pool: Pool) -> AsyncIterator[Lab]:
    """A tenant on a database of its own, with actions that do as they are told."""
    lab = await Lab(pool=pool).open()
    with lab.actions():
        yield lab
