"""``/workflows``: all of them, and switching one on and off."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from aias import workflows
from aias.api.lists.workflows import page_of_workflows
from aias.api.tenancy import tenant_id
from aias.client.checking import check_needed
from aias.dashboard.filters import link
from aias.dashboard.rendering import confirm, page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import InvalidArgument

__all__ = ["Name", "address", "router", "whose"]

router = area("workflows")

Name = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,62}$")]
_PAGE = 50


def whose(viewer: Viewer, tenant: str) -> str:
    """Give the slug of the tenant whose workflow it is: the viewer's own, else the one that the address names.

    Raises:
        InvalidArgument: an operator sees all tenants, and the address names none.
    """
    found = viewer.tenant or tenant
    if not found:
        raise InvalidArgument("whose? Pick a tenant at the top of the page first", argument="tenant")
    return found


def address(viewer: Viewer, tenant: str, name: str, more: str = "") -> str:
    """Give the path of a workflow's page, which names the tenant for who sees all of them."""
    return link(f"/workflows/{name}{more}", {"tenant": "" if viewer.tenant else tenant})


@router.get("")
async def show_workflows(
    viewer: Annotated[Viewer, can("workflows:read")],
    request: Request,
    tenant: str = "",
    enabled: str = "",
    after: str = "",
    after_tenant: str = "",
) -> Response:
    """By name, fifty to a page."""
    rows = await page_of_workflows(
        viewer.conn,
        tenant_id=await tenant_id(viewer.caller, viewer.tenant or tenant or None),
        is_enabled={"yes": True, "no": False}.get(enabled),
        after=(after_tenant or None, after) if after else (None, None),
        limit=_PAGE + 1,
    )
    shown, kept = rows[:_PAGE], {"tenant": tenant, "enabled": enabled}
    is_more = len(rows) > _PAGE
    return page(
        request,
        viewer,
        "workflows/list.html.j2",
        rows=shown,
        enabled=enabled,
        tenant=tenant,
        addresses={row.id: address(viewer, row.tenant, row.name) for row in shown},
        next=link("/workflows", {**kept, "after": shown[-1].name, "after_tenant": shown[-1].tenant})
        if is_more
        else None,
        first=link("/workflows", kept) if after else None,
        may_write=viewer.may("workflows:write"),
    )


@router.get("/{name}/disable")
async def confirm_disable(
    viewer: Annotated[Viewer, can("workflows:write")], request: Request, name: Name, tenant: str = ""
) -> Response:
    """Say what disabling a workflow stops, and ask."""
    slug = whose(viewer, tenant)
    found = await workflows.get_workflow(viewer.conn, slug, name)
    there = address(viewer, slug, name)
    return confirm(
        request,
        viewer,
        title=f"Disable {found.name}?",
        touches=[f"{found.name} of {found.tenant}, version {found.version}: it starts no executions any more"],
        warning="Schedules, webhooks and events that start it are refused meanwhile. What runs now goes on.",
        button=f"Disable {found.name}",
        action=address(viewer, slug, name, "/disable"),
        back=there,
    )


@router.post("/{name}/disable")
async def disable(viewer: Annotated[Viewer, can("workflows:write")], name: Name, tenant: str = "") -> Response:
    """Stop it from starting executions; those that run go on."""
    slug = whose(viewer, tenant)
    await workflows.set_workflow_enabled(viewer.conn, slug, name, is_enabled=False)
    return redirect(address(viewer, slug, name), said=f"{name} is disabled.")


@router.post("/{name}/enable")
async def enable(
    viewer: Annotated[Viewer, can("workflows:write", in_transaction=False)], name: Name, tenant: str = ""
) -> Response:
    """Let it start executions again, after the connections that its steps need were tried."""
    slug = whose(viewer, tenant)
    async with viewer.caller.transaction() as conn:
        await tenant_id(viewer.caller, slug)
        await workflows.get_workflow(conn, slug, name)
    await check_needed(viewer.caller.database.pool, slug, name)
    async with viewer.caller.transaction() as conn:
        await workflows.set_workflow_enabled(conn, slug, name, is_enabled=True)
    return redirect(address(viewer, slug, name), said=f"{name} is enabled.")
