"""``Viewer``: who looks at a page, what they may do, and the transaction that the page works in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Depends
from psycopg import AsyncConnection
from starlette.requests import Request

from aias.api import Caller, HttpProblem
from aias.api.authentication import Identity
from aias.dashboard import queries
from aias.dashboard.models import Session

__all__ = ["Can", "Form", "Role", "Viewer", "can", "identity_of"]

Role = Literal["viewer", "operator", "owner", "platform operator"]

_MOST_FIELDS = 2000


class Form:
    """What a form sent; a field may come several times."""

    def __init__(self, body: bytes) -> None:
        """Read the body.

        Raises:
            HttpProblem: 400, it is no form.
        """
        try:
            self._fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise HttpProblem(HTTPStatus.BAD_REQUEST, "bad-request", "that is no form") from None
        if any("\0" in value for _, value in self._fields):
            raise HttpProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "a text can't hold the character NUL")

    def text(self, name: str, default: str = "") -> str:
        """Give a field, without the space around it."""
        return next((value.strip() for key, value in self._fields if key == name), default)

    def all(self, name: str) -> list[str]:
        """Give every value of a field, in the form's order."""
        return [value.strip() for key, value in self._fields if key == name]

    def values(self) -> Mapping[str, str]:
        """Give the fields but the token, each with its first value."""
        return {key: value for key, value in reversed(self._fields) if key != "csrf"}


def identity_of(session: Session) -> Identity:
    """Give the identity that the API's functions know: an operator who looks into a tenant is confined to it."""
    is_operator = session.tenant_id is None and session.looks_at is not None
    return Identity(
        key_id=session.key_id or f"user:{session.user_id}",
        key_name=session.name,
        tenant_id=session.tenant_id or session.looks_at,
        tenant=session.tenant or session.looks_at_tenant,
        scopes=tuple(session.scopes),
        user_id=session.user_id,
        is_operator=is_operator,
    )


@dataclass(slots=True, kw_only=True)
class Viewer:
    """Who looks. ``caller`` is what the API's own functions take."""

    session: Session
    caller: Caller
    csrf: str
    """What each form sends as ``csrf``."""
    form: Form = field(default_factory=lambda: Form(b""))
    """What was sent; empty for a GET."""

    @property
    def conn(self) -> AsyncConnection[Any]:
        """The connection of the request's transaction, confined by row-level security."""
        return self.caller.conn

    @property
    def name(self) -> str:
        """What to call them."""
        return self.session.name

    @property
    def is_platform_operator(self) -> bool:
        """Whether they see every tenant; they may have picked one."""
        return self.session.tenant_id is None

    @property
    def tenant(self) -> str | None:
        """The slug of the tenant that is looked at; None for all of them."""
        return self.caller.identity.tenant

    @property
    def tenant_id(self) -> UUID | None:
        """The id of the tenant that is looked at; None for all of them."""
        return self.caller.identity.tenant_id

    @property
    def role(self) -> Role:
        """What they are, in a word."""
        if self.is_platform_operator:
            return "platform operator"
        if "*" in self.session.scopes:
            return "owner"
        return "viewer" if all(scope.endswith(":read") for scope in self.session.scopes) else "operator"

    def may(self, scope: str) -> bool:
        """Whether they may do something: pages show the buttons that work."""
        return self.caller.identity.may(scope)

    async def looks_at(self, tenant_id: UUID) -> None:
        """Have it in the audit log that a thing of this tenant is shown, where an operator sees all of them.

        A page of one tenant's thing calls this; that all tenants are looked at is noted by itself.
        """
        if self.is_platform_operator and tenant_id != self.tenant_id:
            async with self.caller.as_server() as conn:
                await queries.note_look(conn, self.session.id, tenant_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Can:
    """What a page demands of its viewer, and how it works; ``can`` makes one."""

    scope: str | None
    in_transaction: bool

    async def __call__(self, request: Request) -> Viewer:
        """Give the viewer that ``aias.dashboard.routing`` made."""
        viewer: Viewer = request.scope["aias.viewer"]
        return viewer


def can(scope: str | None, *, in_transaction: bool = True) -> Any:
    """Say which scope of the API a page demands; None where everybody who is signed in may see it.

    ::

        viewer: Annotated[Viewer, can("executions:read")]

    With ``in_transaction=False`` the page opens ``viewer.caller.transaction()`` itself: it calls the outside world.
    """
    return Depends(Can(scope=scope, in_transaction=in_transaction))
