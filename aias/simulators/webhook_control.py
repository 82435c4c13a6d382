"""``/_control/webhooks``: subscriptions, events to send and what is to be wrong about them, secrets and rules.

========  =============================  ===========================================================================
GET       /_control/webhooks             the secret, the rules and the subscriptions, ended ones too
POST      /_control/webhooks             subscribe: {"topic": "orders/create", "url": "http://..."}
DELETE    /_control/webhooks/ID          end a subscription
POST      /_control/webhooks/send        send an event, a list of them, or {"events": [...], "order": "shuffled"}
GET       /_control/webhooks/deliveries  what was sent, with every attempt; ?topic=orders/create ?state=given_up
POST      /_control/webhooks/secret      rotate the secret: {} or {"secret": "..."}
POST      /_control/webhooks/policy      change the rules: {"speed": 3600, "retries": 2}
========  =============================  ===========================================================================

With ``?wait=1`` an order to send is answered when nothing is on its way any more. The fields are those of
:mod:`aias.simulators.webhook_orders`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aias.simulators.control_answers import BadOrder, answered, read_json, read_model, refused
from aias.simulators.journal import as_array, as_object
from aias.simulators.webhook_orders import Policy, Rotation, Sendings, Subscribing
from aias.simulators.webhooks import WebhookSender

__all__ = ["webhook_routes"]

_Endpoint = Callable[[Request], Awaitable[Response]]


class _WebhookControl:
    """The endpoints of one sender."""

    def __init__(self, sender: WebhookSender) -> None:
        self.sender = sender

    async def subscriptions(self, request: Request) -> Response:
        if request.method == "POST":
            asked = read_model(Subscribing, await read_json(request))
            return answered(self.sender.subscribe(asked.topic, asked.url).to_json(), 201)
        return answered(
            {
                "secret": self.sender.secret,
                "signed_with": self.sender.signing_secret,
                "policy": self.sender.policy.model_dump(mode="json"),
                "subscriptions": [one.to_json() for one in self.sender.subscriptions.values()],
            }
        )

    async def subscription(self, request: Request) -> Response:
        removed = self.sender.unsubscribe(request.path_params["id"])
        return answered({"removed": removed}, 200 if removed else 404)

    async def send(self, request: Request) -> Response:
        given = await read_json(request)
        events = as_array(given)
        if events is None and "events" not in (as_object(given) or {}):
            events = [given]
        asked = read_model(Sendings, given if events is None else {"events": events})
        made = self.sender.send_all(asked)
        if request.query_params.get("wait") == "1":
            await self.sender.idle()
        return answered({"deliveries": [one.to_json() for one in made]}, 202)

    async def deliveries(self, request: Request) -> Response:
        topic, state = request.query_params.get("topic"), request.query_params.get("state")
        found = [
            one.to_json()
            for one in self.sender.deliveries
            if topic in {None, one.event.topic} and state in {None, one.state}
        ]
        return answered({"deliveries": found})

    async def secret(self, request: Request) -> Response:
        asked = read_model(Rotation, await read_json(request))
        return answered({"secret": self.sender.rotate(asked.secret), "old": self.sender.old_secret})

    async def policy(self, request: Request) -> Response:
        given = await read_json(request)
        changed: dict[str, Any] = {**self.sender.policy.model_dump(), **(as_object(given) or {"policy": given})}
        self.sender.policy = read_model(Policy, changed)
        return answered(self.sender.policy.model_dump(mode="json"))


def _tolerant(endpoint: _Endpoint) -> _Endpoint:
    """Answer an order that makes no sense with what is wrong about it."""

    async def called(request: Request) -> Response:
        try:
            return await endpoint(request)
        except BadOrder as error:
            return error.response
        except ValueError as error:
            return refused(str(error))

    return called


def webhook_routes(sender: WebhookSender | None) -> list[Route]:
    """The routes of a server's sender; none for a service that sends no webhooks."""
    if sender is None:
        return []
    control, root = _WebhookControl(sender), "/_control/webhooks"
    return [
        Route(root, _tolerant(control.subscriptions), methods=["GET", "POST"]),
        Route(f"{root}/send", _tolerant(control.send), methods=["POST"]),
        Route(f"{root}/deliveries", _tolerant(control.deliveries)),
        Route(f"{root}/secret", _tolerant(control.secret), methods=["POST"]),
        Route(f"{root}/policy", _tolerant(control.policy), methods=["POST"]),
        Route(f"{root}/{{id:int}}", _tolerant(control.subscription), methods=["DELETE"]),
    ]
