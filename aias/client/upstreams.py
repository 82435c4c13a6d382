"""``Aias``: connections, their gates and their effects."""

from __future__ import annotations

import importlib
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import JsonValue

from aias.client.session import Session
from aias.errors import NotFound
from aias.plugins import load_plugins

if TYPE_CHECKING:
    from aias import integrations
    from aias.integrations import Breaker, Checked, Effect, Gate, Health
else:

    class _Late:
        """Imported when it is used: without it a command that calls no service starts in three quarters of the time."""

        def __getattr__(self, name: str) -> Any:
            return getattr(importlib.import_module("aias.integrations"), name)

    integrations = _Late()

__all__ = ["Upstreams"]


class Upstreams:
    """What can be seen of the services outside and done about them; part of ``Aias``."""

    session: Session

    async def effects(
        self,
        *,
        tenant: str | None = None,
        execution: UUID | None = None,
        everything: bool = False,
        limit: int = 50,
    ) -> list[Effect]:
        """List the effects that are in doubt, the longest first; or every effect, the newest first."""
        async with self.session.connection() as conn:
            return await integrations.list_effects(
                conn, tenant=tenant, execution=execution, everything=everything, limit=limit
            )

    async def resolve_effect(
        self,
        execution: UUID,
        step: str,
        *,
        happened: bool,
        by: str,
        response: JsonValue = None,
        comment: str | None = None,
        part: str | None = None,
    ) -> str:
        """Say what came of an effect that is in doubt, and give its state: done, or refused (it is sent again).

        ``step`` is ``"step"``, or ``"step[3]"`` for an item of a fan-out. Look at the upstream first.

        Raises:
            NotFound: there is no such execution, or no such effect.
            Conflict: its outcome is known, its call is under way, or several parts are in doubt and none is named.
            InvalidArgument: who says so, the response or the comment is malformed.
        """
        async with self.session.connection() as conn:
            return await integrations.resolve_effect(
                conn,
                execution=execution,
                step=step,
                happened=happened,
                by=by,
                response=response,
                comment=comment,
                part=part,
            )

    async def gates(self, *, tenant: str | None = None) -> list[Gate]:
        """List the gates that are not open, the longest closed first."""
        async with self.session.connection() as conn:
            return await integrations.list_gates(conn, tenant=tenant)

    async def close_gate(self, gate: str, *, reason: str, until: datetime | None = None) -> None:
        """Stop every step that needs ``shopify:acme/main``, or all of ``shopify``; they wait and lose no attempt.

        Raises:
            NotFound: there is no such tenant or connection.
            Forbidden: the gate of a kind is a matter for administrators.
            InvalidArgument: the name, the time or the reason is not valid.
        """
        async with self.session.connection() as conn:
            await integrations.close_gate(conn, gate, until=until, reason=reason)

    async def open_gate(self, gate: str) -> bool:
        """Let the steps go on that wait for it; False when it was open.

        Raises:
            NotFound: there is no such tenant or connection.
            Forbidden: the gate of a kind is a matter for administrators.
            InvalidArgument: the name is not valid.
        """
        async with self.session.connection() as conn:
            return await integrations.open_gate(conn, gate)

    async def breakers(self, *, tenant: str | None = None) -> list[Breaker]:
        """List the breakers of the connections that were called in the last minute or whose breaker ever opened."""
        async with self.session.connection() as conn:
            return await integrations.list_breakers(conn, tenant=tenant)

    async def integration_health(self, *, tenant: str | None = None) -> list[Health]:
        """Give how each connection does, by its last check."""
        async with self.session.connection() as conn:
            return await integrations.list_health(conn, tenant=tenant)

    async def check_integration(self, kind: str, *, tenant: str, name: str = "default") -> Checked:
        """Try a connection with a call that changes nothing, and note what came of it in its health.

        Made from this process, with the master key of its settings.

        Raises:
            NotFound: there is no such connection.
        """
        load_plugins()
        async with self.session.connection() as conn:
            found = await integrations.list_health(conn, tenant=tenant)
        for one in found:
            if (one.kind, one.name) == (kind, name):
                checked = await integrations.check_connection(
                    self.session.pool, tenant_id=one.tenant_id, integration_id=one.integration_id
                )
                await integrations.flush_reports()
                return checked
        raise NotFound(f"there is no connection {kind}:{name} of {tenant!r}", argument="p_name")
