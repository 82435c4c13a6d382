"""A service of the tenant's own: it answers what was put on the shelf, and keeps what is put there."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from aias.simulators.delivery import Answer, json_answer
from aias.simulators.journal import Call
from aias.simulators.simulator import Simulator


class Shelf(Simulator):
    """``pages`` are answered by path, without their query; a PUT makes one, with a key, that later ones find."""

    name = "shelf"

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, Any] = {}
        self.asked: list[str] = []
        self.made = 0

    def reset_state(self) -> None:
        """Nothing is there."""
        self.pages.clear()

    def state(self) -> dict[str, Any]:
        """What is there."""
        return {"pages": sorted(self.pages)}

    def records(self) -> list[dict[str, Any]]:
        """What is there."""
        return [{"path": path, "page": page} for path, page in self.pages.items()]

    def ready(self) -> dict[str, Any]:
        """Where it is."""
        return {"url": self.base_url, "control_url": self.control_url}

    def read(self, request: Request, body: bytes) -> Call:
        """The path."""
        del body
        return Call(operations=(request.url.path,), kind="mutation" if request.method == "PUT" else "query")

    def answer(self, request: Request, body: bytes, call: Call) -> Answer:
        """Give the page."""
        del body, call
        path = request.url.path
        self.asked.append(f"{request.method} {path}?{request.url.query}")
        if request.method == "PUT" and path not in self.pages:
            self.made += 1
            self.pages[path] = {"key": f"KEY-{self.made:04}"}
            self.changed()
        if path not in self.pages:
            return json_answer({"error": "not found"}, 404)
        return json_answer(self.pages[path])
