"""A local carrier: ``aias simulator parcel``.

``GET /account``, ``POST /parcels`` (one parcel per ``Idempotency-Key``) and ``GET /parcels/P1``, with the token.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from aias.simulators import Answer, Call, Simulator, json_answer

__all__ = ["TOKEN", "ParcelSimulator"]

TOKEN = "parcel-simulator-token"  # noqa: S105 (of a server that imitates)

_LARGEST = 100_000
"""Parcels that are kept."""


class ParcelSimulator(Simulator):
    """The local carrier. It keeps books, so a parcel that was sent twice is there twice."""

    name = "parcel"

    def __init__(self) -> None:
        super().__init__()
        self.parcels: dict[str, dict[str, Any]] = {}
        self.by_key: dict[str, str] = {}

    def reset_state(self) -> None:
        """No parcels."""
        self.parcels.clear()
        self.by_key.clear()

    def state(self) -> dict[str, Any]:
        """How many parcels there are."""
        return {"parcels": {"count": len(self.parcels)}}

    def records(self) -> list[dict[str, Any]]:
        """The parcels, the oldest first."""
        return list(self.parcels.values())

    def ready(self) -> dict[str, Any]:
        """What a client needs to know."""
        return {"url": self.base_url, "token": TOKEN, "control_url": self.control_url}

    def read(self, request: Request, body: bytes) -> Call:
        """What is asked for: ``account``, ``ship`` or ``track``."""
        del body
        path = request.url.path
        operation = "account" if path == "/account" else "ship" if request.method == "POST" else "track"
        return Call(operations=(operation,), kind="rest", key=request.headers.get("idempotency-key"))

    def answer(self, request: Request, body: bytes, call: Call) -> Answer:
        """Answer as the carrier would."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_answer({"error": "bad token"}, 401, error="unauthorized")
        path = request.url.path
        if path == "/account":
            return json_answer({"name": "Parcel simulator"})
        if path == "/parcels" and request.method == "POST":
            return self._ship(body, call.key)
        parcel = self.parcels.get(path.removeprefix("/parcels/"))
        return json_answer(parcel) if parcel else json_answer({"error": "no such parcel"}, 404, error="not_found")

    def _ship(self, body: bytes, key: str | None) -> Answer:
        if key is not None and key in self.by_key:
            return json_answer(self.parcels[self.by_key[key]])
        try:
            asked = json.loads(body)
            to, grams = str(asked["to"]), int(asked["grams"])
        except (ValueError, KeyError, TypeError):
            return json_answer({"error": "to and grams are needed"}, 422, error="malformed")
        if len(self.parcels) >= _LARGEST:
            return json_answer({"error": "the depot is full"}, 507, error="full")
        parcel = {"parcel_id": f"P{len(self.parcels) + 1}", "status": "accepted", "to": to, "grams": grams}
        self.parcels[parcel["parcel_id"]] = parcel
        if key is not None:
            self.by_key[key] = parcel["parcel_id"]
        self.changed()
        return json_answer(parcel, 201)
