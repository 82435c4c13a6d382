"""``/v1/templates``: workflows that are ready to be used, and which of them suit a tenant."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from aias import templates
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.models.templates import (
    RecommendationShown,
    RecommendationsShown,
    RenderedShown,
    TemplateDetail,
    TemplateSummary,
    TemplateUseShown,
    UsedShown,
    UseTemplate,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("templates")

Reads = Annotated[Caller, needs("templates:read")]
Writes = Annotated[Caller, needs("templates:write", keeps_answer=False)]
Name = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,62}$", description="The template's name.")]
Word = Annotated[str | None, Query(pattern="^[a-z][a-z0-9_-]{0,62}$")]


@router.get("", summary="List templates")
async def list_templates(
    caller: Reads,
    page: Page,
    _fields: Annotated[None, fields_of(TemplateSummary)],
    industry: Word = None,
    integration: Word = None,
) -> Listed[TemplateSummary]:
    """The gallery by name, the same for every tenant; those for everybody are of every industry."""
    (after,) = page.after(str)
    rows = await templates.list_templates(
        caller.conn, industry=industry, integration=integration, after=after or "", limit=page.fetch
    )
    return page.of([TemplateSummary.model_validate(row) for row in rows], lambda row: (row.name,))


@router.get("/recommendations", summary="Recommend templates")
async def recommend_templates(
    caller: Reads, tenant: Tenant, limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 10
) -> RecommendationsShown:
    """Which templates suit the tenant, the best first, and why; of others only shares of at least five are told."""
    found = await templates.recommend_templates(caller.conn, tenant, limit=limit)
    return RecommendationsShown(items=[RecommendationShown.model_validate(one) for one in found])


@router.get("/uses", summary="List what was made from templates")
async def list_template_uses(
    caller: Reads, page: Page, tenant: TenantFilter, _fields: Annotated[None, fields_of(TemplateUseShown)]
) -> Listed[TemplateUseShown]:
    """The workflows whose current version a template made, by tenant and name."""
    after = page.after(str, str)
    await tenant_id(caller, tenant)
    rows = await templates.list_uses(
        caller.conn, tenant=tenant, after=(after[0] or "", after[1] or ""), limit=page.fetch
    )
    return page.of([TemplateUseShown.model_validate(row) for row in rows], lambda row: (row.tenant, row.workflow))


@router.get("/{name}", summary="See a template")
async def get_template(
    caller: Reads, name: Name, _fields: Annotated[None, fields_of(TemplateDetail)]
) -> TemplateDetail:
    """The newest version, with its parameters, triggers and workflow."""
    return TemplateDetail.model_validate(await templates.get_template(caller.conn, name))


@router.post("/{name}/render", summary="See what a template would make")
async def render_template(caller: Reads, name: Name, body: UseTemplate) -> RenderedShown:
    """The definition and the triggers that it makes of parameters; nothing is stored."""
    found = await templates.render_template(caller.conn, name, body.parameters, workflow=body.workflow)
    return RenderedShown.model_validate(found)


@router.post("/{name}/use", summary="Use a template")
async def use_template(caller: Writes, tenant: Tenant, name: Name, body: UseTemplate) -> UsedShown:
    """Make a workflow of it, with what starts it; the same again changes nothing. Secrets of webhooks are told once."""
    used = await templates.use_template(caller.conn, tenant, name, body.parameters, workflow=body.workflow)
    return UsedShown.model_validate(used)
