"""Webhook subscriptions as the local shop keeps them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from aias.simulators.connections import connect
from aias.simulators.graph import Info, Resolver
from aias.simulators.resolving import gid, read
from aias.simulators.shopify_context import find, one, user_error
from aias.simulators.shopify_records import WebhookSubscription
from aias.simulators.shopify_store import Shop

__all__ = ["WEBHOOK_RESOLVERS"]

_FIELDS = (
    ("uri", "uri"),
    ("format", "format"),
    ("filter", "filter"),
    ("includeFields", "include_fields"),
    ("metafieldNamespaces", "metafield_namespaces"),
    ("name", "name"),
)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _create(_source: Any, info: Info, topic: str, webhookSubscription: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    problem = _problem(shop, topic, webhookSubscription, None)
    if problem is not None:
        return {"webhookSubscription": None, "userErrors": [user_error(problem, "webhookSubscription", "callbackUrl")]}
    now = shop.now()
    made = WebhookSubscription(
        id=shop.number(),
        topic=topic,
        uri=webhookSubscription["uri"],
        format=webhookSubscription.get("format") or "JSON",
        filter=webhookSubscription.get("filter"),
        include_fields=list(webhookSubscription.get("includeFields") or ()),
        metafield_namespaces=list(webhookSubscription.get("metafieldNamespaces") or ()),
        name=webhookSubscription.get("name"),
        api_version=info.context.version,
        created_at=now,
        updated_at=now,
    )
    shop.webhooks[made.id] = made
    shop.changed("WEBHOOK_SUBSCRIPTIONS", made)
    return {"webhookSubscription": made, "userErrors": []}


def _update(_source: Any, info: Info, id: str, webhookSubscription: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    found = find(shop, id)
    if not isinstance(found, WebhookSubscription):
        return {"webhookSubscription": None, "userErrors": [user_error("Webhook subscription does not exist", "id")]}
    problem = _problem(shop, found.topic, {"uri": found.uri, **webhookSubscription}, found)
    if problem is not None:
        return {"webhookSubscription": None, "userErrors": [user_error(problem, "webhookSubscription", "callbackUrl")]}
    for theirs, ours in _FIELDS:
        if theirs in webhookSubscription:
            value = webhookSubscription[theirs]
            setattr(found, ours, value if value is not None or ours in {"filter", "name"} else getattr(found, ours))
    found.updated_at = shop.now()
    shop.changed("WEBHOOK_SUBSCRIPTIONS", found)
    return {"webhookSubscription": found, "userErrors": []}


def _delete(_source: Any, info: Info, id: str) -> Any:
    shop: Shop = info.context.shop
    found = find(shop, id)
    if not isinstance(found, WebhookSubscription):
        error = user_error("Webhook subscription does not exist", "id")
        return {"deletedWebhookSubscriptionId": None, "userErrors": [error]}
    del shop.webhooks[found.id]
    shop.changed("WEBHOOK_SUBSCRIPTIONS", found)
    return {"deletedWebhookSubscriptionId": id, "userErrors": []}


def _problem(shop: Shop, topic: str, given: dict[str, Any], known: WebhookSubscription | None) -> str | None:
    uri = given.get("uri") or ""
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return "Address is invalid"
    if not uri:
        return "Address can't be blank"
    # Upstream takes https only; loopback is where a local server's callers live.
    if parts.scheme not in {"https", "pubsub", "arn"} and host not in _LOOPBACK:
        return "Address protocol http:// is not supported" if parts.scheme == "http" else "Address is invalid"
    others = (one for one in shop.webhooks.values() if one is not known)
    if any(one.topic == topic and one.uri == uri for one in others):
        return "Address for this topic has already been taken"
    return None


def _list(
    _source: Any,
    info: Info,
    topics: list[str] | None = None,
    uri: str | None = None,
    format: str | None = None,
    query: str | None = None,
    sortKey: str = "CREATED_AT",
    **page: Any,
) -> Any:
    del query, sortKey
    found = [
        one
        for one in info.context.shop.webhooks.values()
        if (not topics or one.topic in topics) and uri in (None, one.uri) and format in (None, one.format)
    ]
    return connect(found, key=lambda one: one.id, **page)


WEBHOOK_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.webhookSubscription": one(WebhookSubscription),
    "QueryRoot.webhookSubscriptions": _list,
    "Mutation.webhookSubscriptionCreate": _create,
    "Mutation.webhookSubscriptionUpdate": _update,
    "Mutation.webhookSubscriptionDelete": _delete,
    "WebhookSubscription.id": gid("WebhookSubscription"),
    "WebhookSubscription.legacyResourceId": read(lambda w: str(w.id)),
    "WebhookSubscription.apiVersion": read(
        lambda w: {"displayName": w.api_version, "handle": w.api_version, "supported": True}
    ),
}
"""Who is told about what."""
