"""Trying a connection: the smallest call that shows whether its credentials work and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from aias.client import Aias, require_tenant
from aias.errors import NotFound, StepError
from aias.integrations import Integration, close_clients, list_integrations
from aias.plugins import ActionContext, get_action, load_plugins

__all__ = ["Checked", "check_connections"]

# What is asked of each kind. A webhook, a mail server or any other service can only be tried by doing something.
_QUESTIONS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "shopify": ("shopify.order_list", {"first": 1}),
    "wave": ("wave.business_list", {}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What trying a connection came to; ``is_working`` is None where it can't be tried without an effect."""

    tenant: str
    kind: str
    name: str
    is_working: bool | None
    detail: str | None


async def check_connections(aias: Aias, tenant: str, kind: str | None, name: str | None) -> list[Checked]:
    """Try a tenant's connections, or those of a kind or a name.

    Raises:
        NotFound: there is no such tenant, or no such connection.
    """
    load_plugins()
    async with aias.session.connection() as conn:
        await require_tenant(conn, tenant)
        cursor = await conn.execute("select id from aias.tenants where slug = %s", (tenant,))
        ((tenant_id,),) = await cursor.fetchall()
        found = [
            one
            for one in await list_integrations(conn, tenant=tenant)
            if kind in (None, one.kind) and name in (None, one.name)
        ]
    if not found:
        raise NotFound(f"there is no connection {kind or 'of any kind'}{f':{name}' if name else ''} of {tenant!r}")
    try:
        return [await _check(aias, tenant_id, one) for one in found]
    finally:
        await close_clients()


async def _check(aias: Aias, tenant_id: UUID, one: Integration) -> Checked:
    question, data = _QUESTIONS.get(one.kind, (None, None))
    action = get_action(question) if question is not None else None
    working: bool | None = None
    detail: str | None = "it can't be tried without sending something"
    if action is not None:
        try:
            await action.call(_context(aias, tenant_id, one), data)
        except StepError as error:
            working, detail = False, error.message
        else:
            working, detail = True, None
    return Checked(tenant=one.tenant, kind=one.kind, name=one.name, is_working=working, detail=detail)


def _context(aias: Aias, tenant_id: UUID, one: Integration) -> ActionContext:
    nobody = uuid4()
    return ActionContext(
        tenant_id=tenant_id,
        tenant=one.tenant,
        execution_id=nobody,
        workflow="check",
        step_id="check",
        item=None,
        attempt=1,
        idempotency_key=f"{nobody}:check",
        connection=one.name,
        pool=aias.session.pool,
        trace_parent=None,
    )
