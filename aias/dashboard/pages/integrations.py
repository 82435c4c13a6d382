"""``/integrations``: connections, how they do, and connecting: what is refused is not stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request

from aias import integrations
from aias.api import HttpProblem, Page, services_of
from aias.api.lists.integrations import get_integration, page_of_integrations
from aias.api.tenancy import tenant_id
from aias.dashboard.rendering import Answer, confirm, page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Form, Viewer, can
from aias.errors import AiasError, DatabaseError, InvalidArgument
from aias.integrations.checking import can_be_tried
from aias.integrations.kinds import kinds

__all__ = ["router"]

router = area("integrations")

Calls = Annotated[Viewer, can("integrations:write", in_transaction=False)]
_TAG = "integrations"


@router.get("")
async def list_integrations(
    request: Request, viewer: Annotated[Viewer, can("integrations:read")], listing: Page
) -> Answer:
    """Show the connections with what their last checks found."""
    after = listing.after(str, str, str)
    rows = await page_of_integrations(
        viewer.conn,
        tenant_id=viewer.tenant_id,
        kind=None,
        status=None,
        after=(after[0], after[1], after[2]),
        limit=listing.fetch,
    )
    listed = listing.of(rows, lambda row: (row.tenant, row.kind, row.name))
    return page(request, viewer, "integrations/list.html.j2", listed=listed, kinds=_connectable())


@router.get("/connect")
async def connect_form(
    request: Request,
    viewer: Annotated[Viewer, can("integrations:write")],
    kind: Annotated[str, Query(max_length=63)],
    name: Annotated[str, Query(max_length=63)] = "default",
) -> Answer:
    """Ask for the settings and the secret; a connection that exists gives its settings."""
    tenant = _tenant(viewer)
    values: dict[str, Any] = {}
    found = await page_of_integrations(
        viewer.conn, tenant_id=viewer.tenant_id, kind=kind, status=None, after=(tenant, kind, ""), limit=100
    )
    for one in found:
        if one.name == name:
            values = one.config
    return _form(request, viewer, kind, name, values)


@router.post("/connect")
async def connect(request: Request, viewer: Calls) -> Answer:
    """Try the credentials with a call that changes nothing, and store them sealed."""
    form, tenant = viewer.form, _tenant(viewer)
    kind, name = form.text("kind"), form.text("name", "default")
    config = _given(form, "config", _model(kind, "config"))
    try:
        made = await integrations.connect_tried(
            viewer.caller.database.pool,
            tenant=tenant,
            kind=kind,
            name=name,
            config=config,
            secret=_given(form, "secret", _model(kind, "secret")),
            prepare=viewer.caller.sign,
        )
    except DatabaseError:
        raise
    except AiasError as error:
        return _form(request, viewer, kind, name, config, problem=str(error))
    services_of(request).cache.forget(_TAG, tenant_id=viewer.tenant_id)
    if made.problem is not None:
        return redirect("/integrations", said=f"{kind}:{name} is stored, but could not be tried: {made.problem}")
    return redirect("/integrations", said=f"{kind}:{name} is connected: its credentials work.")


@router.post("/check")
async def check(request: Request, viewer: Calls) -> Answer:
    """Make the smallest call that shows whether it works."""
    kind, name, tenant = viewer.form.text("kind"), viewer.form.text("name"), _named(viewer)
    async with viewer.caller.transaction() as conn:
        found = await get_integration(conn, tenant, kind, name)
        whose = await tenant_id(viewer.caller, tenant)
    assert whose is not None  # noqa: S101 (the tenant is named)
    checked = await integrations.check_connection(viewer.caller.database.pool, tenant_id=whose, integration_id=found.id)
    services_of(request).cache.forget(_TAG, tenant_id=whose)
    outcome = {True: "works", False: "does not work", None: "could not be tried"}[checked.is_working]
    return redirect("/integrations", said=f"{kind}:{name} {outcome}{f': {checked.detail}' if checked.detail else ''}")


@router.post("/disconnect")
async def disconnect(request: Request, viewer: Annotated[Viewer, can("integrations:write")]) -> Answer:
    """Forget a connection and its credentials, after asking."""
    kind, name, tenant = viewer.form.text("kind"), viewer.form.text("name"), _named(viewer)
    found = await get_integration(viewer.conn, tenant, kind, name)
    if viewer.form.text("confirmed") != "yes":
        return confirm(
            request,
            viewer,
            title=f"Forget {kind}:{name}?",
            touches=[f"the connection {kind}:{name} of {found.tenant} and its credentials, which can't be had back"],
            button=f"Forget {kind}:{name}",
            action="/integrations/disconnect",
            back="/integrations",
            fields={"kind": kind, "name": name, "tenant": tenant},
            warning="Steps that need it fail from then on.",
        )
    await integrations.disconnect(viewer.conn, tenant=tenant, kind=kind, name=name)
    services_of(request).cache.forget(_TAG, tenant_id=viewer.tenant_id)
    return redirect("/integrations", said=f"{kind}:{name} is forgotten.")


def _tenant(viewer: Viewer) -> str:
    """Give the tenant that is looked at.

    Raises:
        HttpProblem: 422, an operator has picked none.
    """
    if viewer.tenant is None:
        raise HttpProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "pick a tenant first: a connection is a tenant's")
    return viewer.tenant


def _named(viewer: Viewer) -> str:
    """Give the tenant whose connection a form names: row-level security keeps others' apart."""
    return viewer.tenant or viewer.form.text("tenant")


def _connectable() -> list[str]:
    return [name for name in kinds() if can_be_tried(name)]


def _model(kind: str, part: str) -> type[BaseModel]:
    found = kinds().get(kind)
    if found is None or not can_be_tried(kind):
        raise InvalidArgument(f"there is no kind of connection {kind!r}", argument="p_kind")
    return found.config if part == "config" else found.secret


def _fields(model: type[BaseModel], values: Mapping[str, Any], *, is_secret: bool) -> Iterator[dict[str, Any]]:
    """Give the form's fields from the model that will check them."""
    for name, field in model.model_fields.items():
        default = "" if field.is_required() or field.default is None else str(field.default)
        is_map = "dict" in str(field.annotation)
        yield {
            "name": name,
            "label": name.replace("_", " ").capitalize() + (" (JSON)" if is_map else ""),
            "kind": "map" if is_map else "secret" if is_secret else "text",
            "value": "" if is_secret else str(values.get(name) or default),
            "is_required": field.is_required(),
        }


def _given(form: Form, part: str, model: type[BaseModel]) -> dict[str, Any]:
    """Give what was filled in, for the model to check."""
    given: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        value = form.text(f"{part}.{name}")
        if value and "dict" in str(field.annotation):
            try:
                given[name] = json.loads(value)
            except ValueError:
                raise InvalidArgument(f"{name} is no JSON", argument="p_secret") from None
        elif value:
            given[name] = value
    return given


def _form(
    request: Request, viewer: Viewer, kind: str, name: str, values: Mapping[str, Any], *, problem: str = ""
) -> Answer:
    return page(
        request,
        viewer,
        "integrations/connect.html.j2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        kind=kind,
        name=name,
        config=list(_fields(_model(kind, "config"), values, is_secret=False)),
        secret=list(_fields(_model(kind, "secret"), {}, is_secret=True)),
        problem=problem,
        again=f"/integrations/connect?{urlencode({'kind': kind, 'name': name})}",
    )
