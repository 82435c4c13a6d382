"""What the tests of metrics share: observations made by hand, as processes tell them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from aias.observations import Sketch


class Metrics:
    """Tells observations to a database, as a process does, and rolls them up."""

    def __init__(self, tx: psycopg.Connection[Any]) -> None:
        self.tx = tx

    def tell(
        self,
        metric: str,
        key: str,
        durations: Sequence[float],
        *,
        failures: int = 0,
        refusals: int = 0,
        **values: Any,
    ) -> None:
        sketch = Sketch()
        for place, seconds in enumerate(durations):
            is_refused = failures <= place < failures + refusals
            sketch.add(seconds, is_failure=place < failures, is_refusal=is_refused)
        told = [{"metric": metric, "key": key, "tenant": None, **sketch.to_json(), **values}]
        self.tx.execute("select aias_private.add_observations(%s::jsonb)", (json.dumps(told),))

    def roll_up(self) -> int:
        row = self.tx.execute("select aias_private.roll_up_observations()").fetchone()
        assert row is not None
        return row[0]

    def tenant(self, slug: str, plan: str = "pro") -> str:
        row = self.tx.execute("select aias.create_tenant(%s, %s)", (slug, plan)).fetchone()
        assert row is not None
        return str(row[0])


@pytest.fixture
def metrics(tx: psycopg.Connection[Any]) -> Metrics:
    return Metrics(tx)
