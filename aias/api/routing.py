"""Routes: how each one authenticates, works in one transaction, and answers.

A router of a resource is made by ``resource``; its routes ask for their caller with a scope::

    router = resource("executions")

    @router.get("/{execution}")
    async def get_execution(caller: Annotated[Caller, needs("executions:read")], execution: UUID) -> Execution: ...

In this order: the key is accepted and the scope demanded (401, 403, 429), before a byte of the body is read; the body
is read (413, 415, 400); the transaction begins; an Idempotency-Key that was used before gives the former answer; the
route runs; its answer is kept under the key; the transaction commits; the answer is sent, with an ETag where it is one
to a GET. Every error on the way is a problem document, and rolls back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Any, cast

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from aias.api.bodies import JsonRequest, check_content_type
from aias.api.caller import Caller, Needs
from aias.api.conditional import conditional
from aias.api.context import context_of
from aias.api.idempotency import idempotency_key, keep, kept_answer
from aias.api.selection import selected
from aias.api.services import services_of
from aias.tracing import bind_tenant

__all__ = ["Route", "resource"]

Handler = Callable[[Request], Awaitable[Response]]


class Route(APIRoute):
    """A route with a key, or without one where it asks for no caller."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        needed = [one.call for one in self.dependant.dependencies if isinstance(one.call, Needs)]
        self.needs = needed[0] if needed else None
        if self.needs is not None:
            takes_key = self.needs.keeps_answer and self.needs.in_transaction
            self.openapi_extra = {
                **(self.openapi_extra or {}),
                "security": [{"key": [self.needs.scope]}],
                **({} if takes_key else {"x-keeps-answer": False}),
                **({} if self.needs.in_transaction else {"x-calls-outside": True}),
            }

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Wrap what FastAPI makes of the function."""
        inner = super().get_route_handler()

        async def handle(given: Request) -> Response:
            services = services_of(given)
            request = JsonRequest(given.scope, given.receive)
            async with asyncio.timeout(services.settings.api_request_timeout):
                if self.needs is None:
                    return await inner(request)
                return await self._handle(request, self.needs, inner)

        return handle

    async def _handle(self, request: JsonRequest, needed: Needs, inner: Handler) -> Response:
        services = services_of(request)
        identity = await services.keys.accept(request)
        context_of(request.scope).tenant_id = identity.tenant_id
        bind_tenant(identity.tenant_id)
        identity.require(needed.scope)
        check_content_type(request, is_wanted=self.body_field is not None)
        if await request.body() and self.body_field is not None:
            await request.json()
        caller = Caller(
            identity=identity, context=context_of(request.scope), database=services.database, settings=services.settings
        )
        request.scope["aias.caller"] = caller
        key = idempotency_key(request, is_taken=needed.keeps_answer and needed.in_transaction)
        if not needed.in_transaction:
            return conditional(request, selected(request, await inner(request)))
        async with caller.transaction():
            if key is None:
                response = await inner(request)
            else:
                response = await kept_answer(request, caller, key) or await keep(caller, key, await inner(request))
        return conditional(request, selected(request, response))


def resource(name: str, *, tags: Sequence[str] | None = None) -> APIRouter:
    """Make the router of ``/v1/<name>``."""
    given = list(tags) if tags is not None else [name]
    return APIRouter(prefix=f"/v1/{name}", tags=cast("list[str | Enum]", given), route_class=Route)
