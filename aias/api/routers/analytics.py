"""``/v1/usage`` and ``/v1/business``: what tenants use of their plans, and the figures of the business."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import TypeAdapter
from starlette.requests import Request

from aias import analytics
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.lists.tenants import get_tenant
from aias.api.models.analytics import BusinessShown, UsageShown
from aias.api.models.base import Date
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.services import services_of

__all__ = ["business", "usage"]

usage = resource("usage", tags=["analytics"])
business = resource("business", tags=["analytics"])

_FIGURES_ARE_GOOD_FOR = 30
_FIGURES = TypeAdapter(analytics.Business)


@usage.get("", summary="See what is used of the plans")
async def list_usage(
    caller: Annotated[Caller, needs("usage:read")],
    tenant: TenantFilter,
    page: Page,
    _fields: Annotated[None, fields_of(UsageShown)],
    month: Annotated[
        Date | None, Query(description="Of the month (UTC) with this day; default: the current one.")
    ] = None,
) -> Listed[UsageShown]:
    """By tenant and measure, as of the last minute's count."""
    slug, measure = page.after(str, str)
    if tenant is not None:
        await get_tenant(caller.conn, tenant)
    rows = await analytics.list_usage(
        caller.conn,
        tenant=tenant,
        month=month,
        after=None if slug is None else (slug, measure),
        limit=page.fetch,
    )
    return page.of([UsageShown.model_validate(row) for row in rows], lambda row: (row.tenant, row.measure))


@business.get("", summary="See the business figures")
async def get_business(
    request: Request,
    caller: Annotated[Caller, needs("business:read")],
    tenant: TenantFilter,
    days: Annotated[int, Query(ge=1, le=400, description="So many days up to today (UTC).")] = 30,
) -> BusinessShown:
    """Active people, executions, calls per day, and the funnel. Read through the cache: half a minute late at most."""

    async def read() -> object:
        found = await analytics.read_business(caller.conn, tenant=tenant, days=days)
        return _FIGURES.dump_python(found, mode="json")

    found = await services_of(request).cache.through(
        "business",
        f"{tenant or ''}/{days}",
        read,
        ttl=_FIGURES_ARE_GOOD_FOR,
        tags=["business"],
        tenant_id=caller.identity.tenant_id,
    )
    return BusinessShown.model_validate(found)
