"""The control endpoint, ``/_control``: what happened at a local server, and what is to go wrong next.

========  ==================  ================================================================================
GET       /_control           this list
GET       /_control/journal   the calls, oldest first; ?operation=invoiceCreate ?key= ?reference= ?since= ?limit=
GET       /_control/effects   how many calls changed something, by operation, idempotency key and reference
GET       /_control/state     counts: invoices by status and reference, tags, messages, mails
GET       /_control/records   the orders, invoices, messages or mails themselves, in short
GET       /_control/faults    the faults that are armed, with how often each fitted and struck
POST      /_control/faults    arm one fault, or a list of them; answers with their ids
DELETE    /_control/faults    disarm all; /_control/faults/ID one
GET       /_control/settings  what can be changed about the server; POST some of it: {"suppresses_duplicates": false}
GET       /_control/oauth     the app and what became of its codes and tokens (Shopify and Wave)
POST      /_control/oauth     ?do=expire: all access tokens have expired; ?do=revoke: all is taken back
POST      /_control/reset     everything as at the start; ?only=journal, faults or state
GET       /_control/webhooks  and what else there is: see aias.simulators.webhook_control (Shopify, Wave)
========  ==================  ================================================================================

It asks for no token: the servers are for loopback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aias.simulators.control_answers import BadOrder, answered, problems_of, read_json, refused
from aias.simulators.journal import as_array, as_object
from aias.simulators.oauth import OAuthEndpoints
from aias.simulators.webhook_control import webhook_routes

if TYPE_CHECKING:
    from aias.simulators.simulator import Simulator

__all__ = ["control_app"]


class _Control:
    """The endpoints of one simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    async def index(self, request: Request) -> Response:
        del request
        return PlainTextResponse(f"{self.simulator.name}: {__doc__}")

    async def journal(self, request: Request) -> Response:
        query = request.query_params
        try:
            since = int(query.get("since", "0"))
            limit = int(query["limit"]) if "limit" in query else None
        except ValueError:
            return refused("since and limit are numbers")
        if limit is not None and limit < 0:
            return refused("limit is negative")
        found = self.simulator.journal.find(
            query.get("operation"), since, limit, key=query.get("key"), reference=query.get("reference")
        )
        return answered(
            {
                "calls": [entry.to_json() for entry in found],
                "total": self.simulator.journal.total,
                "kept": len(self.simulator.journal),
            }
        )

    async def effects(self, request: Request) -> Response:
        del request
        return answered(self.simulator.journal.effects())

    async def state(self, request: Request) -> Response:
        del request
        return answered(self.simulator.state())

    async def records(self, request: Request) -> Response:
        del request
        return answered({"records": self.simulator.records()})

    async def faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.simulator.faults.clear()
        elif request.method == "POST":
            return await self._arm(request)
        return answered({"faults": self.simulator.faults.to_json()})

    async def _arm(self, request: Request) -> Response:
        try:
            given = await read_json(request)
        except BadOrder as error:
            return error.response
        faults = as_array(given)
        objects = [as_object(fault) for fault in ([given] if faults is None else faults)]
        if None in objects:
            return refused("a fault is an object: {'match': {...}, 'times': 1, 'do': {...}}")
        try:
            ids = self.simulator.faults.add(*[fault for fault in objects if fault is not None])
        except ValidationError as error:
            return problems_of(error)
        except ValueError as error:
            return refused(str(error))
        return answered({"ids": ids, "faults": self.simulator.faults.to_json()}, 201)

    async def fault(self, request: Request) -> Response:
        removed = self.simulator.faults.remove(request.path_params["id"])
        return answered({"removed": removed}, 200 if removed else 404)

    async def settings(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                given = as_object(await read_json(request))
                if given is None:
                    return refused("settings are an object")
                self.simulator.configure(given)
            except BadOrder as error:
                return error.response
            except ValidationError as error:
                return problems_of(error)
            except ValueError as error:
                return refused(str(error))
        return answered(self.simulator.settings())

    async def oauth(self, request: Request) -> Response:
        endpoints: OAuthEndpoints | None = getattr(self.simulator, "oauth", None)
        if endpoints is None:
            return refused(f"{self.simulator.name} has no OAuth", 404)
        if request.method == "POST":
            match request.query_params.get("do"):
                case "expire":
                    endpoints.expire_access_tokens()
                case "revoke":
                    endpoints.revoke()
                case other:
                    return refused(f"do={other}: expire or revoke")
        return answered(endpoints.state())

    async def reset(self, request: Request) -> Response:
        match request.query_params.get("only"):
            case None:
                self.simulator.reset()
            case "journal":
                self.simulator.journal.clear()
            case "faults":
                self.simulator.faults.clear()
            case "state":
                self.simulator.reset_state()
            case other:
                return refused(f"only={other}: journal, faults or state")
        return answered({"reset": True})


def control_app(simulator: Simulator) -> Starlette:
    """The ASGI application behind ``/_control`` of this simulator."""
    control = _Control(simulator)
    return Starlette(
        routes=[
            Route("/_control", control.index),
            Route("/_control/journal", control.journal),
            Route("/_control/effects", control.effects),
            Route("/_control/state", control.state),
            Route("/_control/records", control.records),
            Route("/_control/faults", control.faults, methods=["GET", "POST", "DELETE"]),
            Route("/_control/faults/{id:int}", control.fault, methods=["DELETE"]),
            Route("/_control/settings", control.settings, methods=["GET", "POST"]),
            Route("/_control/oauth", control.oauth, methods=["GET", "POST"]),
            Route("/_control/reset", control.reset, methods=["POST"]),
            *webhook_routes(simulator.webhooks),
        ]
    )
