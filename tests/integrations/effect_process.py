"""A worker's process that is killed while it has an effect: ``python -m tests.integrations.effect_process <json>``.

The upstream is a file: whoever appends a line to it has had an effect there.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from aias.db import open_pool
from aias.integrations.effects import once
from aias.integrations.intents import Intent
from aias.plugins import ActionContext


def die() -> None:
    """End as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


class Upstream:
    """The file, and what was asked of it from this process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.calls: list[str] = []

    @property
    def effects(self) -> list[str]:
        """The keys of what has happened, in order."""
        return self.path.read_text().split() if self.path.exists() else []

    async def send(self, key: str) -> Any:
        """Have the effect."""
        self.calls.append(key)
        with self.path.open("a") as file:
            file.write(key + "\n")
        return {"number": len(self.effects)}

    async def find(self) -> Any:
        """Look for it."""
        return {"number": len(self.effects)} if self.effects else None


def context_of(given: dict[str, Any], pool: Any, attempt: int) -> ActionContext:
    """The step that wants the effect, in the execution's attempt."""
    return ActionContext(
        tenant_id=UUID(given["tenant_id"]),
        tenant="test",
        execution_id=UUID(given["execution_id"]),
        workflow="test",
        step_id="step",
        item=None,
        attempt=attempt,
        idempotency_key=f"{given['execution_id']}:step",
        connection=None,
        pool=pool,
        trace_parent=None,
        execution_attempt=attempt,
    )


async def have(given: dict[str, Any], pool: Any, upstream: Upstream, attempt: int, send: Any = None) -> Any:
    """Have the effect once, in the way that the test asks for."""
    return await once(
        context_of(given, pool, attempt),
        None,
        operation="pay",
        request={"amount": "10.00"},
        send=send or upstream.send,
        find=upstream.find if given["kind"] == "findable" else None,
        keyed=given["kind"] == "keyed",
        settles_within=0.2,
    )


async def main(given: dict[str, Any]) -> None:
    """Have the effect, and die where the test says."""
    upstream = Upstream(Path(given["upstream"]))

    async def send(key: str) -> Any:
        if given["killed"] == "before the call":
            die()
        result = await upstream.send(key)
        if given["killed"] == "before the answer":
            die()
        return result

    settle = Intent.settle

    async def settle_and_die(self: Intent, *arguments: Any) -> bool:
        await settle(self, *arguments)
        die()
        return True

    Intent.settle = settle_and_die  # type: ignore[method-assign]
    async with await open_pool(given["database_url"], min_size=1, max_size=2) as pool:
        await have(given, pool, upstream, 1, send)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
