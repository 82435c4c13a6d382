"""``/workflows/new`` and ``/workflows/{name}/edit``: writing a definition, checked as it is written.

Whoever saves says which version was the newest when they began. If somebody else has saved since, nothing is stored:
they see what differs, and may save on top of it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from psycopg import Rollback
from starlette.requests import Request
from starlette.responses import Response

from aias import workflows
from aias.dashboard.comparing import DiffRow, compare
from aias.dashboard.filters import link
from aias.dashboard.pages.workflow import as_yaml
from aias.dashboard.pages.workflows import Name, address, whose
from aias.dashboard.rendering import page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import DefinitionError, InvalidArgument, Problem

__all__ = ["router"]

router = area("workflows")

Writes = Annotated[Viewer, can("workflows:write")]

_EMPTY: Final = """\
name: my-workflow
description: What it is for, in a sentence.
input:
  type: object
  properties:
    order_id: {type: string}
  required: [order_id]
steps:
  - id: greeting
    action: transform
    input:
      text: "Order {{ input.order_id }}"
"""
_LONGEST: Final = 1_000_000


@router.get("/new")
async def new_workflow(viewer: Writes, request: Request, tenant: str = "") -> Response:
    """Begin with the smallest workflow that is right."""
    return _editor(viewer, request, whose(viewer, tenant), text=_EMPTY, base=0)


@router.get("/{name}/edit")
async def edit_workflow(viewer: Writes, request: Request, name: Name, tenant: str = "") -> Response:
    """Begin with the newest version."""
    slug = whose(viewer, tenant)
    found = await workflows.get_workflow(viewer.conn, slug, name)
    return _editor(viewer, request, slug, name=name, text=as_yaml(found.definition), base=found.version)


@router.post("/check")
async def check(viewer: Writes, request: Request, tenant: str = "") -> Response:
    """Give everything that is wrong with what is written so far; nothing is stored."""
    text = viewer.form.text("text")[:_LONGEST]
    problems = await _problems(viewer, whose(viewer, tenant), text)
    return page(request, viewer, "workflow/problems.html.j2", problems=problems, is_checked=True)


@router.post("/save")
async def save(viewer: Writes, request: Request, tenant: str = "") -> Response:
    """Store it as the newest version, if nobody else did since it was begun; or only check it."""
    slug, form = whose(viewer, tenant), viewer.form
    text, name, base = form.text("text")[:_LONGEST], form.text("name"), _version(form.text("base"))
    problems = await _problems(viewer, slug, text, name=name)
    if problems or form.text("what") != "save":
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
        return _editor(
            viewer, request, slug, name=name, text=text, base=base, problems=problems, is_checked=True, status=status
        )
    applied = None
    async with viewer.conn.transaction() as point:
        applied = await workflows.apply_workflow(viewer.conn, slug, text)
        if applied.is_changed and applied.version != base + 1:
            # the row is locked until here: whoever saved meanwhile is seen
            raise Rollback(point)
    stored = str(workflows.parse_document(text).get("name"))
    if applied.is_changed and applied.version != base + 1:
        newest = await workflows.get_workflow(viewer.conn, slug, stored)
        return _editor(
            viewer,
            request,
            slug,
            name=name,
            text=text,
            base=newest.version,
            conflict=compare(as_yaml(newest.definition), as_yaml(workflows.parse_definition(text).to_json())),
            saved_by=newest.applied_by,
            status=HTTPStatus.CONFLICT,
        )
    said = f"Saved as version {applied.version}." if applied.is_changed else "Nothing differs from the newest version."
    return redirect(address(viewer, slug, stored), said=said)


async def _problems(viewer: Viewer, slug: str, text: str, *, name: str = "") -> list[Problem]:
    try:
        found = await workflows.check_definition(viewer.conn, slug, text)
        if name and not found and workflows.parse_document(text).get("name") != name:
            return [Problem(path="$.name", message=f"is not {name!r}: make another workflow by New workflow")]
    except DefinitionError as error:
        return error.problems
    return found


def _version(text: str) -> int:
    """Read the version that was begun with.

    Raises:
        InvalidArgument: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 (an integer)
        raise InvalidArgument("the form does not say which version it began with", argument="base")
    return int(text)


def _editor(  # noqa: PLR0913 (what an editor shows)
    viewer: Viewer,
    request: Request,
    slug: str,
    *,
    text: str,
    base: int,
    name: str = "",
    problems: list[Problem] | None = None,
    is_checked: bool = False,
    conflict: list[DiffRow] | None = None,
    saved_by: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    whom = {"tenant": "" if viewer.tenant else slug}
    return page(
        request,
        viewer,
        "workflow/edit.html.j2",
        status=status,
        name=name,
        text=text,
        base=base,
        problems=problems or [],
        is_checked=is_checked,
        conflict=conflict,
        saved_by=saved_by,
        save_to=link("/workflows/save", whom),
        check_at=link("/workflows/check", whom),
        back=address(viewer, slug, name) if name else link("/workflows", whom),
    )
