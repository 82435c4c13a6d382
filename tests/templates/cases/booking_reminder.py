"""Two appointments of tomorrow; one guest has left an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.workflows import Execution
from tests.templates.bench import Bench, Case


async def arrange(bench: Bench) -> Mapping[str, Any]:
    guest = {"id": 7, "email": "guest@example.com", "name": "Kim", "service": "Haircut"}
    bench.shelf.pages["/bookings"] = [
        {**guest, "starts_at": "2026-11-30T14:30:00+00:00"},
        {"id": 8, "email": None, "name": "Lee", "service": None, "starts_at": "2026-11-30T15:30:00+00:00"},
    ]
    return {}


async def check(bench: Bench, execution: Execution) -> None:
    (mail,) = bench.sims.smtp.records()
    assert mail["to"] == ["guest@example.com"]
    assert mail["subject"] == "Your appointment on Monday, 30 November"
    assert "Haircut on Monday, 30 November at 14:30" in mail["text"]
    assert execution.output == {"reminded": 1}
    assert bench.shelf.asked[0].startswith("GET /bookings?date=20")


CASE = Case(arrange=arrange, check=check, calls=["bookings", "remind"])
