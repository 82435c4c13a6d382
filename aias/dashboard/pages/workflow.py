"""``/workflows/{name}``: one workflow, its versions and what differs between them, and what it would do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final

import yaml
from fastapi import Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from aias import workflows
from aias.api.lists.triggers import page_of_schedules, page_of_webhooks
from aias.api.lists.workflows import page_of_versions
from aias.api.tenancy import tenant_id
from aias.dashboard.comparing import compare
from aias.dashboard.editing import object_of
from aias.dashboard.pages.workflows import Name, address, whose
from aias.dashboard.rendering import page
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import DefinitionError, InvalidArgument

__all__ = ["as_yaml", "router"]

router = area("workflows")

Reads = Annotated[Viewer, can("workflows:read")]
Version = Annotated[int | None, Query(ge=1, le=2_147_483_647)]

_MOST_VERSIONS: Final = 50
_MOST_TRIGGERS: Final = 200
_LONGEST_SHOWN: Final = 100_000


def as_yaml(definition: dict[str, Any]) -> str:
    """Write a definition as people edit it."""
    return yaml.safe_dump(definition, sort_keys=False, allow_unicode=True, width=100)


@router.get("/{name}")
async def show_workflow(viewer: Reads, request: Request, name: Name, tenant: str = "") -> Response:
    """The newest version with its graph, and what starts it."""
    slug = whose(viewer, tenant)
    found = await workflows.get_workflow(viewer.conn, slug, name)
    whom = await tenant_id(viewer.caller, slug)
    schedules, webhooks = [], []
    if viewer.may("schedules:read"):
        rows = await page_of_schedules(
            viewer.conn, tenant_id=whom, kind="workflow", after=(None, None), limit=_MOST_TRIGGERS
        )
        schedules = [row for row in rows if row.workflow == name]
    if viewer.may("webhooks:read"):
        hooks = await page_of_webhooks(viewer.conn, tenant_id=whom, after=(None, None), limit=_MOST_TRIGGERS)
        webhooks = [row for row in hooks if row.workflow == name]
    text = as_yaml(found.definition)
    steps, picture = _drawn(found.definition, f"The steps of {name}")
    return page(
        request,
        viewer,
        "workflow/show.html.j2",
        workflow=found,
        to={
            part: address(viewer, slug, name, f"/{part}")
            for part in ("versions", "edit", "dry-run", "disable", "enable")
        },
        text=text[:_LONGEST_SHOWN],
        is_cut=len(text) > _LONGEST_SHOWN,
        steps=steps,
        picture=picture,
        schedules=schedules,
        webhooks=webhooks,
        may_write=viewer.may("workflows:write"),
    )


@router.get("/{name}/versions")
async def show_versions(
    viewer: Reads, request: Request, name: Name, tenant: str = "", old: Version = None, new: Version = None
) -> Response:
    """The versions, and what differs between two of them: without a choice, the newest and the one before."""
    slug = whose(viewer, tenant)
    found = await workflows.get_workflow(viewer.conn, slug, name)
    versions = await page_of_versions(viewer.conn, slug, name, before=None, limit=_MOST_VERSIONS)
    newer = new or found.version
    older = old or max(newer - 1, 1)
    before, after = [
        as_yaml(await workflows.get_definition(viewer.conn, slug, name, version)) for version in (older, newer)
    ]
    return page(
        request,
        viewer,
        "workflow/versions.html.j2",
        workflow=found,
        tenant="" if viewer.tenant else slug,
        there=address(viewer, slug, name),
        versions=versions,
        old=older,
        new=newer,
        rows=compare(before, after),
    )


@router.get("/{name}/dry-run")
async def ask_for_dry_run(viewer: Reads, request: Request, name: Name, tenant: str = "") -> Response:
    """Ask for the input to assume."""
    return await _dry_run_page(viewer, request, whose(viewer, tenant), name)


@router.post("/{name}/dry-run")
async def dry_run(viewer: Reads, request: Request, name: Name, tenant: str = "") -> Response:
    """Tell what each step would do: no call is made, nothing is stored."""
    slug = whose(viewer, tenant)
    found = await workflows.get_workflow(viewer.conn, slug, name)
    try:
        planned = await workflows.dry_run(
            found.definition,
            object_of(viewer.form.text("input")),
            outputs=object_of(viewer.form.text("outputs")),
        )
    except (DefinitionError, InvalidArgument) as error:
        return await _dry_run_page(viewer, request, slug, name, problem=error.message)
    return await _dry_run_page(viewer, request, slug, name, planned=planned)


async def _dry_run_page(
    viewer: Viewer,
    request: Request,
    slug: str,
    name: str,
    *,
    planned: list[workflows.PlannedStep] | None = None,
    problem: str = "",
) -> Response:
    found = await workflows.get_workflow(viewer.conn, slug, name)
    return page(
        request,
        viewer,
        "workflow/dry_run.html.j2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        workflow=found,
        there=address(viewer, slug, name),
        action=address(viewer, slug, name, "/dry-run"),
        schema=found.definition.get("input"),
        input=viewer.form.text("input") or "{}",
        outputs=viewer.form.text("outputs") or "{}",
        planned=planned,
        problem=problem,
    )


def _drawn(definition: dict[str, Any], title: str) -> tuple[list[workflows.Step], Markup | None]:
    """Give the steps in their order, and the picture; neither where the definition is not read any more."""
    try:
        graph = workflows.graph_of(workflows.parse_definition(definition))
    except DefinitionError:
        return [], None
    # every text in it is escaped where it is drawn
    return list(graph.steps.values()), Markup(workflows.as_svg(graph, title=title, is_styled=False))  # noqa: S704
