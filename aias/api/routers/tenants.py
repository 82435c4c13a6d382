"""``/v1/tenants`` and ``/v1/plans``: the accounts, their people, and what they pay for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from aias import tenants
from aias.api.caller import Caller, needs
from aias.api.lists.tenants import all_plans, get_tenant, page_of_tenants, page_of_users
from aias.api.models.tenants import NewTenant, NewUser, PlanChange, PlanShown, PlansShown, TenantShown, UserShown
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.services import services_of

__all__ = ["plans", "router"]

router = resource("tenants")
plans = resource("plans", tags=["tenants"])

Reads = Annotated[Caller, needs("tenants:read")]
Writes = Annotated[Caller, needs("tenants:write")]
Slug = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="The tenant's slug.")]


@router.get("", summary="List tenants")
async def list_tenants(
    caller: Reads,
    page: Page,
    _fields: Annotated[None, fields_of(TenantShown)],
    plan: Annotated[str | None, Query(max_length=63, description="On this plan.")] = None,
) -> Listed[TenantShown]:
    """By slug; a tenant's key sees its own."""
    (after,) = page.after(str)
    rows = await page_of_tenants(caller.conn, plan=plan, after=after, limit=page.fetch)
    return page.of(rows, lambda row: (row.slug,))


@router.post("", status_code=HTTPStatus.CREATED, summary="Make a tenant")
async def create_tenant(caller: Writes, body: NewTenant, response: Response) -> TenantShown:
    """For operators."""
    await tenants.create_tenant(caller.conn, slug=body.slug, plan=body.plan, name=body.name, industry=body.industry)
    response.headers["Location"] = f"/v1/tenants/{body.slug}"
    return await get_tenant(caller.conn, body.slug)


@router.get("/{slug}", summary="See a tenant", name="get_tenant")
async def see_tenant(caller: Reads, slug: Slug, _fields: Annotated[None, fields_of(TenantShown)]) -> TenantShown:
    """The account with its plan and its lane."""
    return await get_tenant(caller.conn, slug)


@router.put("/{slug}/plan", summary="Change a tenant's plan")
async def set_plan(caller: Writes, slug: Slug, body: PlanChange) -> TenantShown:
    """Move it to another plan, from its next execution on; for operators."""
    await tenants.set_plan(caller.conn, tenant=slug, plan=body.plan)
    return await get_tenant(caller.conn, slug)


@router.get("/{slug}/users", summary="List the people of a tenant")
async def list_users(
    caller: Reads, slug: Slug, page: Page, _fields: Annotated[None, fields_of(UserShown)]
) -> Listed[UserShown]:
    """In the order in which they were added."""
    (after,) = page.after(UUID)
    found = await get_tenant(caller.conn, slug)
    rows = await page_of_users(caller.conn, found.id, after=after, limit=page.fetch)
    return page.of(rows, lambda row: (row.id,))


@router.post("/{slug}/users", status_code=HTTPStatus.CREATED, summary="Add a person to a tenant")
async def create_user(caller: Writes, slug: Slug, body: NewUser) -> UserShown:
    """Each address once per tenant."""
    made = await tenants.create_user(caller.conn, tenant=slug, email=body.email, name=body.name, role=body.role)
    found = await get_tenant(caller.conn, slug)
    (user,) = await page_of_users(caller.conn, found.id, after=UUID(int=made.int - 1), limit=1)
    return user


@plans.get("", summary="See the plans")
async def get_plans(request: Request, caller: Annotated[Caller, needs("plans:read")]) -> PlansShown:
    """What tenants pay for: lanes, quotas and limits. Read through the cache."""
    found = await services_of(request).cache.through(
        "plans", "all", lambda: all_plans(caller.conn), ttl=300, tags=["plans"]
    )
    return PlansShown(items=[PlanShown.model_validate(one) for one in found])
