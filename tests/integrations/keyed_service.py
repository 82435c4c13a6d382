"""A service of somebody's own: it takes POST requests and carries each out once per ``Idempotency-Key``, if at all."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from aias.simulators.delivery import Answer, json_answer
from aias.simulators.graph import bounded_loads
from aias.simulators.journal import Call, as_object
from aias.simulators.simulator import Simulator


class KeyedService(Simulator):
    """``done`` holds what was carried out, by path, in order. A path with ``/twice`` knows no keys."""

    name = "keyed"

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[str, str | None]] = []

    def reset_state(self) -> None:
        """Nothing was done."""
        self.done.clear()

    def state(self) -> dict[str, Any]:
        """How much was done."""
        return {"done": len(self.done)}

    def records(self) -> list[dict[str, Any]]:
        """What was done."""
        return [{"path": path, "key": key} for path, key in self.done]

    def ready(self) -> dict[str, Any]:
        """Where it is."""
        return {"url": self.base_url, "control_url": self.control_url}

    def read(self, request: Request, body: bytes) -> Call:
        """The path and the body."""
        try:
            variables = as_object(bounded_loads(body)) or {}
        except ValueError:
            variables = {}
        key = request.headers.get("idempotency-key")
        return Call(operations=(request.url.path,), kind="mutation", variables=variables, key=key)

    def answer(self, request: Request, body: bytes, call: Call) -> Answer:
        """Do it, unless it was done under this key."""
        del body
        asked = (request.url.path, call.key)
        is_known = asked in self.done and "/twice" not in request.url.path
        if not is_known:
            self.done.append(asked)
            self.changed()
        return json_answer({"done": request.url.path})
