"""Webhooks of what happens at the local shop, to those who subscribed over GraphQL.

A subscription whose address is on loopback is handed to the shop's sender; everything that changes afterwards is sent
as the REST API shows it. Addresses elsewhere are kept and listed, and never called. A subscription that the sender has
given up on is deleted, as upstream.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from aias.simulators.delivery import dumps
from aias.simulators.order import Refund
from aias.simulators.shopify_json import customer_json, fulfillment_json, order_json, product_json, refund_json
from aias.simulators.shopify_records import (
    CustomerRecord,
    DraftOrder,
    Fulfillment,
    InventoryLevel,
    OrderRecord,
    ProductRecord,
    WebhookSubscription,
)
from aias.simulators.shopify_store import Shop
from aias.simulators.webhooks import WebhookSender

__all__ = ["Announcer", "rest_topic"]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_TOPIC = re.compile(r"(.*?S|APP|SHOP)_(.+)")


def rest_topic(topic: str) -> str:
    """``ORDERS_PARTIALLY_FULFILLED`` as deliveries call it: ``orders/partially_fulfilled``."""
    match = _TOPIC.fullmatch(topic)
    return topic.lower() if match is None else f"{match[1]}/{match[2]}".lower()


class Announcer:
    """Listens to a shop, and hands to its sender what subscribers are to hear."""

    def __init__(self, shop: Shop, sender: WebhookSender) -> None:
        self._shop = shop
        self._sender = sender
        self._numbers: dict[int, int] = {}
        shop.listeners.append(self.hear)

    def hear(self, topic: str, record: Any) -> None:
        """Take note of a change."""
        if isinstance(record, WebhookSubscription):
            self._subscribe(record)
            return
        name = rest_topic(topic)
        if any(one.topic == topic and one.id in self._numbers for one in self._shop.webhooks.values()):
            self._sender.send(name, json.loads(dumps(_payload(self._shop, record))))

    def settle(self) -> None:
        """Delete the subscriptions that the sender has given up on."""
        for number, sent in list(self._numbers.items()):
            known = self._sender.subscriptions.get(sent)
            if known is None or known.ended is not None:
                self._shop.webhooks.pop(number, None)
                del self._numbers[number]

    def reset(self) -> None:
        """Forget every subscription."""
        self._numbers.clear()

    def _subscribe(self, record: WebhookSubscription) -> None:
        known = self._numbers.pop(record.id, None)
        if known is not None:
            self._sender.unsubscribe(known)
        if record.id in self._shop.webhooks and urlsplit(record.uri).hostname in _LOOPBACK:
            self._numbers[record.id] = self._sender.subscribe(rest_topic(record.topic), record.uri).id


def _payload(shop: Shop, record: Any) -> dict[str, Any]:
    match record:
        case OrderRecord():
            return order_json(record)
        case CustomerRecord():
            return customer_json(record)
        case ProductRecord():
            return product_json(record)
        case Fulfillment():
            return fulfillment_json(record)
        case Refund():
            orders = (one for one in shop.orders.values() if any(record is made for made in one.order.refunds))
            return refund_json(record, next(orders).order.id)
        case InventoryLevel():
            here = record.item.quantities[record.location.id]
            return {
                "inventory_item_id": record.item.id,
                "location_id": record.location.id,
                "available": here["available"],
                "updated_at": record.item.updated_at,
            }
        case DraftOrder():
            return {"id": record.id, "name": f"#D{record.number}", "email": record.email, "tags": record.tags}
        case _:
            return {}
