"""What surrounds every request, whatever route it takes: its id, its headers, its largest body, its log line."""

from __future__ import annotations

import time
from http import HTTPStatus

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aias.api.context import RequestContext
from aias.api.problems import HttpProblem, problem_of, respond
from aias.api.services import Services
from aias.observations import OTHER, observe
from aias.tracing import Span, bind, exporter, note, tell, unbind

__all__ = ["BodyLimit", "Surroundings"]

_log = structlog.stdlib.get_logger("aias.api")

_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HSTS = "max-age=31536000"


class Surroundings:
    """Gives each request its context, and each answer the headers that all have; a HEAD is a GET without its body.

    The outermost layer: what nobody else has turned into an answer becomes a problem here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        context = RequestContext.of(scope)
        scope["aias"] = context
        is_head = scope["method"] == "HEAD"
        method = scope["method"]
        if is_head:
            scope["method"] = "GET"
        status = 0
        took: float | None = None

        async def sending(message: Message) -> None:
            nonlocal status, took
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = MutableHeaders(scope=message)
                _dress(headers, context, is_secure=scope["scheme"] == "https")
                if headers.get("content-type", "").startswith("text/event-stream"):
                    # it was answered when the stream began; how long somebody listens is no latency
                    took = time.monotonic() - context.started_at
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        bind(context.trace, request_id=context.request_id)
        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if status:
                raise  # half of an answer is out: all that is left is to cut the connection
            with structlog.contextvars.bound_contextvars(route=_route_of(scope, method)):
                problem = problem_of(error)
            await respond(Request(scope), problem)(scope, receive, sending)
        finally:
            _log.info(
                "request",
                method=method,
                path=scope["path"],
                status=status,
                ms=round((time.monotonic() - context.started_at) * 1000, 1),
                key=context.key_id,
                client=context.address,
            )
            _note(scope, context, method, status)
            unbind()
            if status:
                _observe(scope, method, status, context, took)


def _observe(scope: Scope, method: str, status: int, context: RequestContext, took: float | None) -> None:
    """Count and time the request under the template of its route: what a caller makes up is no key."""
    path = getattr(scope.get("route"), "path", None)
    observe(
        "requests",
        time.monotonic() - context.started_at if took is None else took,
        tenant_id=context.tenant_id,
        key=OTHER if path is None or status == HTTPStatus.METHOD_NOT_ALLOWED else f"{method} {path}",
        ok=status < HTTPStatus.INTERNAL_SERVER_ERROR,
        refused=HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def _note(scope: Scope, context: RequestContext, method: str, status: int) -> None:
    """Keep the request as a span, where a known caller changed something.

    A webhook that is taken is only exported: ``aias.traces`` has its delivery.
    """
    is_webhook = scope["path"].startswith("/hooks/") and status == HTTPStatus.ACCEPTED
    if method in _SAFE or (context.key_id is None and not (is_webhook and exporter() is not None)):
        return
    route = getattr(scope.get("route"), "path", scope["path"])
    span = Span(
        kind="request",
        name=f"{method} {route}",
        context=context.trace,
        parent_span_id=context.parent_span_id,
        began_at=context.started_at,
        ended_at=time.monotonic(),
        status="succeeded" if 0 < status < HTTPStatus.BAD_REQUEST else "failed",
        tenant_id=context.tenant_id,
        request_id=context.request_id,
        detail={"http_status": status},
    )
    if is_webhook:
        tell(span)
        return
    services: Services = scope["app"].state.services
    note(services.database.pool, span)


def _route_of(scope: Scope, method: str) -> str:
    """Give the method and the path's template: what requests have in common, whatever ids stand in their paths."""
    return f"{method} {getattr(scope.get('route'), 'path', '(no route)')}"


def _dress(headers: MutableHeaders, context: RequestContext, *, is_secure: bool) -> None:
    for name, value in _SECURITY.items():
        headers.setdefault(name, value)
    if is_secure:
        headers.setdefault("Strict-Transport-Security", _HSTS)
    for name, value in context.headers.items():
        headers[name] = value
    headers["X-Request-ID"] = context.request_id
    headers["X-Correlation-ID"] = context.trace.correlation_id


class BodyLimit:
    """Refuses a body that is too large: at once where its length is told, else when it has become too long."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        # the server has refused what is no number
        if int(told) > self._limit:
            await respond(Request(scope), self._problem())(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._limit:
                raise self._problem()
            return message

        await self._app(scope, counted, send)

    def _problem(self) -> HttpProblem:
        return HttpProblem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "body-too-large",
            f"a body has at most {self._limit} bytes",
            headers={"Connection": "close"},
        )
