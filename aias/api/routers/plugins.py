"""``/v1/plugins``, ``/v1/flags``: what packages bring, who may use it, and what is rolled out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from aias import plugins
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.lists.plugins import page_of_flags, page_of_plugin_rules, page_of_plugins
from aias.api.models.plugins import (
    FlagGiven,
    FlagShown,
    FlagState,
    PluginRuleGiven,
    PluginRuleShown,
    PluginShown,
    TenantFlagGiven,
)
from aias.api.paging import Listed, Page
from aias.api.problems import HttpProblem
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["flags", "router"]

router = resource("plugins")
flags = resource("flags")

Plugin = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$", description="The plugin: its distribution.")]
Flag = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,63}$", description="The flag.")]


@router.get("", summary="List the plugins")
async def list_plugins(
    caller: Annotated[Caller, needs("plugins:read")], page: Page, _fields: Annotated[None, fields_of(PluginShown)]
) -> Listed[PluginShown]:
    """By name and machine, as the workers found them: for operators."""
    if caller.identity.tenant_id is not None:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "which machine has which plugin is for operators to see")
    after = page.after(str, str)
    rows = await page_of_plugins(caller.conn, after=(after[0], after[1]), limit=page.fetch)
    return page.of(rows, lambda row: (row.name, row.reported_by))


@router.get("/rules", summary="List who may use which plugin")
async def list_plugin_rules(
    caller: Annotated[Caller, needs("plugins:read")],
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(PluginRuleShown)],
) -> Listed[PluginRuleShown]:
    """By plugin and tenant; a plugin without a rule is everybody's."""
    after = page.after(str, str)
    await tenant_id(caller, tenant)
    rows = await page_of_plugin_rules(caller.conn, tenant=tenant, after=(after[0], after[1]), limit=page.fetch)
    return page.of(rows, lambda row: (row.plugin, row.tenant or ""))


@router.put("/{plugin}/rule", status_code=204, summary="Give or refuse a plugin")
async def set_plugin_rule(
    caller: Annotated[Caller, needs("plugins:write")], plugin: Plugin, tenant: TenantFilter, body: PluginRuleGiven
) -> Response:
    """To a tenant; without one to all that have no rule of their own. In force for what is validated from now on."""
    change = plugins.allow_plugin if body.is_allowed else plugins.refuse_plugin
    await change(caller.conn, plugin, tenant=tenant, reason=body.reason)
    return Response(status_code=204)


@router.delete("/{plugin}/rule", status_code=204, summary="Take a rule about a plugin back")
async def reset_plugin_rule(
    caller: Annotated[Caller, needs("plugins:write")], plugin: Plugin, tenant: TenantFilter
) -> Response:
    """Of a tenant; without one the rule for all."""
    await plugins.reset_plugin(caller.conn, plugin, tenant=tenant)
    return Response(status_code=204)


@flags.get("", summary="List the flags")
async def list_flags(
    caller: Annotated[Caller, needs("flags:read")], page: Page, _fields: Annotated[None, fields_of(FlagShown)]
) -> Listed[FlagShown]:
    """By name."""
    (after,) = page.after(str)
    rows = await page_of_flags(caller.conn, after=after, limit=page.fetch)
    return page.of(rows, lambda row: (row.name,))


@flags.get("/{flag}/tenant", summary="See whether a flag is on")
async def get_flag_state(caller: Annotated[Caller, needs("flags:read")], flag: Flag, tenant: Tenant) -> FlagState:
    """For a tenant, as it is now."""
    is_on = await plugins.is_enabled(caller.conn, flag, tenant)
    return FlagState(name=flag, tenant=tenant, is_on=is_on)


@flags.put("/{flag}", status_code=204, summary="Roll a change out")
async def set_flag(caller: Annotated[Caller, needs("flags:write")], flag: Flag, body: FlagGiven) -> Response:
    """To a percentage of the tenants: one that grows keeps those who have it."""
    await plugins.set_flag(caller.conn, flag, percentage=body.percentage, description=body.description)
    return Response(status_code=204)


@flags.delete("/{flag}", status_code=204, summary="Forget a flag")
async def remove_flag(caller: Annotated[Caller, needs("flags:write")], flag: Flag) -> Response:
    """It is off for every tenant."""
    await plugins.remove_flag(caller.conn, flag)
    return Response(status_code=204)


@flags.put("/{flag}/tenant", status_code=204, summary="Turn a flag on or off for a tenant")
async def set_tenant_flag(
    caller: Annotated[Caller, needs("flags:write")], flag: Flag, tenant: Tenant, body: TenantFlagGiven
) -> Response:
    """Whatever its percentage."""
    await plugins.set_flag(caller.conn, flag, tenant=tenant, is_on=body.is_on)
    return Response(status_code=204)


@flags.delete("/{flag}/tenant", status_code=204, summary="Let the percentage decide for a tenant again")
async def reset_tenant_flag(caller: Annotated[Caller, needs("flags:write")], flag: Flag, tenant: Tenant) -> Response:
    """Take back what was said of it."""
    await plugins.set_flag(caller.conn, flag, tenant=tenant, is_on=None)
    return Response(status_code=204)
