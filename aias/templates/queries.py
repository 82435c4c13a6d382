"""The SQL calls of templates, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from aias.errors import NotFound, translated
from aias.templates.models import Recommendation, Rendered, Template, TemplateUse

__all__ = ["get_template", "list_templates", "list_uses", "recommend_templates", "render_template"]

_TEMPLATE: LiteralString = (
    "select t.name, t.version, t.title, t.description, t.industries, t.integrations, t.parameters,"
    " coalesce(t.example, '{}') as example, coalesce(t.triggers, '[]') as triggers, t.workflow, t.loaded_at"
    " from aias.templates as t"
)


async def list_templates(
    conn: AsyncConnection[Any],
    *,
    industry: str | None = None,
    integration: str | None = None,
    after: str = "",
    limit: int = 1000,
) -> list[Template]:
    """Give the gallery by name, each template in its newest version; those for everybody are of every industry."""
    async with conn.cursor(row_factory=class_row(Template)) as cursor:
        await cursor.execute(
            _TEMPLATE + " where t.name > %(after)s"
            " and (%(industry)s::text is null or %(industry)s = any (t.industries) or t.industries = '{}')"
            " and (%(integration)s::text is null or %(integration)s = any (t.integrations))"
            " order by t.name limit %(limit)s",
            {"industry": industry, "integration": integration, "after": after, "limit": limit},
        )
        return await cursor.fetchall()


async def get_template(conn: AsyncConnection[Any], name: str) -> Template:
    """Give a template in its newest version.

    Raises:
        NotFound: there is no such template.
    """
    async with conn.cursor(row_factory=class_row(Template)) as cursor:
        await cursor.execute(_TEMPLATE + " where t.name = %s", (name,))
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no template {name!r}")
    return found


async def render_template(
    conn: AsyncConnection[Any], name: str, parameters: Mapping[str, Any] | None = None, *, workflow: str | None = None
) -> Rendered:
    """Give the definition and the triggers that a template makes of parameters; nothing is stored.

    Raises:
        NotFound: there is no such template.
        InvalidArgument: a parameter does not fit, or the workflow's name.
    """
    async with translated(), conn.cursor(row_factory=class_row(Rendered)) as cursor:
        await cursor.execute(
            "select r.template, r.version, r.parameters, r.definition, r.triggers"
            " from aias.render_template(%s, %s, %s) as r",
            (name, Jsonb(dict(parameters or {})), workflow),
        )
        (found,) = await cursor.fetchall()
    return found


async def list_uses(
    conn: AsyncConnection[Any], *, tenant: str | None = None, after: tuple[str, str] = ("", ""), limit: int = 1000
) -> list[TemplateUse]:
    """Give the workflows whose current version a template made, by tenant and workflow."""
    async with conn.cursor(row_factory=class_row(TemplateUse)) as cursor:
        await cursor.execute(
            "select u.tenant, u.workflow_id, u.workflow, u.workflow_version, u.is_current, u.template,"
            " u.template_version, u.newest_template_version, u.parameters, u.used_by, u.used_at"
            " from aias.template_uses as u"
            " where u.is_current and (%(tenant)s::text is null or u.tenant = %(tenant)s)"
            " and (u.tenant, u.workflow) > (%(after_tenant)s, %(after_workflow)s)"
            " order by u.tenant, u.workflow limit %(limit)s",
            {"tenant": tenant, "after_tenant": after[0], "after_workflow": after[1], "limit": limit},
        )
        return await cursor.fetchall()


async def recommend_templates(conn: AsyncConnection[Any], tenant: str, *, limit: int = 10) -> list[Recommendation]:
    """Give the templates that suit a tenant, the best first, each with its reasons.

    Raises:
        NotFound: there is no such tenant.
        InvalidArgument: ``limit`` is not between 1 and 100.
    """
    async with translated(), conn.cursor(row_factory=class_row(Recommendation)) as cursor:
        await cursor.execute(
            "select r.template, r.version, r.title, r.score, r.is_ready, r.is_used, r.missing, r.reasons"
            " from aias.recommend_templates(%s, %s) as r",
            (tenant, limit),
        )
        return await cursor.fetchall()
