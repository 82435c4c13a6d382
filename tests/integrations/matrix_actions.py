"""The actions of the matrix: every one that has an effect outside.

An action that is registered with an effect and stands not here fails the matrix: give it inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integrations.matrix_cases import Case, Place, one
from tests.integrations.matrix_shopify import SHOPIFY_CASES
from tests.integrations.matrix_wave import WAVE_CASES

__all__ = ["CASES"]


def _posted(path: str) -> Callable[[Place], dict[str, Any]]:
    """A request to a path and with a header of its own."""

    def make(place: Place) -> dict[str, Any]:
        own = f"/{path}/{place.number:04}"
        return {
            "method": "POST",
            "url": f"{place.services['keyed']}{own}",
            "headers": {"X-Case": own},
            "json": {"a": 1},
        }

    return make


def _posted_below(place: Place) -> dict[str, Any]:
    own = f"/below/{place.number:04}"
    return {"method": "POST", "path": own, "headers": {"X-Case": own}, "json": {"a": 1}}


CASES = (
    Case(action="http.request", service="keyed", steps=one("http.request", _posted("once"))),
    Case(
        action="http.request",
        variant="without_keys",
        service="keyed",
        effect="at_most_once",
        steps=one("http.request", _posted("twice")),
    ),
    Case(action="http.call", service="keyed", steps=one("http.call", _posted_below)),
    Case(
        action="slack.post",
        service="slack",
        strikes="webhook",
        steps=one("slack.post", lambda p: {"text": p.name("hello")}),
    ),
    Case(
        action="email.send",
        service="smtp",
        strikes="smtp",
        steps=one("email.send", lambda p: {"to": p.address(), "subject": "Hello", "text": "Hello"}),
    ),
    *SHOPIFY_CASES,
    *WAVE_CASES,
)
