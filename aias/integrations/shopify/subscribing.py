"""``shopify.webhook_subscribe``."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from aias.integrations.effects import before_sending
from aias.integrations.shopify import mutations, wire_changes
from aias.integrations.shopify.client import Shop, shopify
from aias.integrations.shopify.inputs import Input
from aias.plugins import ActionContext, action

__all__ = ["WebhookSubscribeInput", "WebhookSubscribeOutput", "webhook_subscribe"]


class WebhookSubscribeInput(Input):
    """Which topic, and where its events go."""

    topic: str = Field(pattern=r"^[A-Z][A-Z_]{2,99}$", description="As in GraphQL: `ORDERS_CREATE`.")
    uri: str = Field(max_length=2000, pattern=r"^(https?|pubsub)://\S+$|^arn:aws:\S+$")
    filter: str | None = Field(default=None, max_length=2000, description="Shopify's search syntax.")
    include_fields: list[str] = Field(default_factory=list[str], max_length=250)


class WebhookSubscribeOutput(BaseModel):
    """The subscription."""

    id: str | None = Field(description="Null where a person settled the call without naming it.")
    topic: str
    uri: str


@action("shopify.webhook_subscribe", timeout=60.0, effect="idempotent", integration="shopify", ledger=True)
async def webhook_subscribe(context: ActionContext, data: WebhookSubscribeInput) -> WebhookSubscribeOutput:
    """Have the events of a topic sent to an address; a subscription that is there is kept, and brought up to date.

    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/webhookSubscriptionCreate .
    """
    shop = await shopify(context)

    async def send(key: str) -> wire_changes.Webhook:
        del key
        with before_sending():
            known = await _known(shop, data)
        if known is not None:
            return known if _is_as_wanted(known, data) else await _update(shop, known.id, data)
        variables: dict[str, Any] = {"topic": data.topic, "input": {"uri": data.uri, "format": "JSON", **_rules(data)}}
        payload = await shop.mutate(
            mutations.WEBHOOK_CREATE, variables, "webhookSubscriptionCreate", wire_changes.WebhookPayload
        )
        return payload.webhook_subscription

    async def find() -> wire_changes.Webhook | None:
        known = await _known(shop, data)
        return known if known is not None and _is_as_wanted(known, data) else None

    made = await shop.once("webhookSubscriptionCreate", data.asked(), wire_changes.Webhook, send=send, find=find)
    return WebhookSubscribeOutput(id=made.id if made else None, topic=data.topic, uri=data.uri)


async def _known(shop: Shop, data: WebhookSubscribeInput) -> wire_changes.Webhook | None:
    variables = {"topics": [data.topic], "uri": data.uri}
    there = (await shop.query(mutations.WEBHOOKS, variables, wire_changes.WebhooksData)).webhook_subscriptions.nodes
    return next((one for one in there if one.topic == data.topic and one.uri == data.uri), None)


async def _update(shop: Shop, webhook_id: str, data: WebhookSubscribeInput) -> wire_changes.Webhook:
    variables = {"id": webhook_id, "input": _rules(data)}
    payload = await shop.mutate(
        mutations.WEBHOOK_UPDATE, variables, "webhookSubscriptionUpdate", wire_changes.WebhookPayload
    )
    return payload.webhook_subscription


def _is_as_wanted(known: wire_changes.Webhook, data: WebhookSubscribeInput) -> bool:
    return (known.filter or None) == data.filter and sorted(known.include_fields) == sorted(data.include_fields)


def _rules(data: WebhookSubscribeInput) -> dict[str, Any]:
    return {"filter": data.filter, "includeFields": data.include_fields}
