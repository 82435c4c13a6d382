"""The actions ``shopify.*``: importing this module registers them all. docs/reference/shopify.md lists them."""

from __future__ import annotations

from aias.integrations.shopify.bulk import bulk_query
from aias.integrations.shopify.cancelling import order_cancel
from aias.integrations.shopify.checkouts import checkout_list
from aias.integrations.shopify.customers import customer_get, customer_upsert
from aias.integrations.shopify.drafts import draft_order_create
from aias.integrations.shopify.fulfilling import order_fulfill
from aias.integrations.shopify.orders import order_get, order_list, order_note, order_tag
from aias.integrations.shopify.payouts import payout_get, payout_list
from aias.integrations.shopify.products import inventory_adjust, product_get, product_upsert
from aias.integrations.shopify.refunding import order_refund
from aias.integrations.shopify.stock import inventory_list, inventory_set
from aias.integrations.shopify.subscribing import webhook_subscribe

__all__ = [
    "bulk_query",
    "checkout_list",
    "customer_get",
    "customer_upsert",
    "draft_order_create",
    "inventory_adjust",
    "inventory_list",
    "inventory_set",
    "order_cancel",
    "order_fulfill",
    "order_get",
    "order_list",
    "order_note",
    "order_refund",
    "order_tag",
    "payout_get",
    "payout_list",
    "product_get",
    "product_upsert",
    "webhook_subscribe",
]
