"""For the tests of plugins: what an action gets when a step calls it, without a database.

::

    async def test_it_greets() -> None:
        assert await call_action("acme.greet", {"name": "Ada"}) == {"text": "Hello, Ada"}
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from pydantic import JsonValue

from aias.errors import ConfigurationError
from aias.plugins.action import ActionContext, Wait
from aias.plugins.registry import get_action

__all__ = ["a_context", "call_action"]

_ID = UUID(int=1)


def a_context(**given: Any) -> ActionContext:
    """Give the context of the first call of a step named ``step``; ``given`` replaces fields. Its pool is closed."""
    values: dict[str, Any] = {
        "tenant_id": _ID,
        "tenant": "acme",
        "execution_id": _ID,
        "workflow": "flow",
        "step_id": "step",
        "item": None,
        "attempt": 1,
        "idempotency_key": f"{_ID}:step",
        "connection": None,
        "pool": AsyncConnectionPool("", open=False),
        "trace_parent": None,
    }
    return ActionContext(**{**values, **given})


async def call_action(name: str, data: JsonValue, **given: Any) -> JsonValue | Wait:
    """Call a registered action as a step does: its input is checked, its output is plain JSON.

    Raises:
        ConfigurationError: there is no such action.
        PermanentError: the input does not fit.
        Exception: whatever the action raised.
    """
    action = get_action(name)
    if action is None:
        raise ConfigurationError(f"there is no action {name!r}: is its module imported?")
    return await action.call(a_context(**given), data)
