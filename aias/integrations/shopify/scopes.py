"""The access scopes that each action needs: what an app must have been granted.

Source: https://shopify.dev/docs/api/usage/access-scopes . A scope to write contains the one to read.
"""

from __future__ import annotations

__all__ = ["ACTION_SCOPES"]

_FULFILLMENT = "write_merchant_managed_fulfillment_orders"

ACTION_SCOPES: dict[str, tuple[str, ...]] = {
    "shopify.bulk_query": (),
    "shopify.checkout_list": ("read_orders", "read_customers"),
    "shopify.customer_get": ("read_customers",),
    "shopify.customer_upsert": ("write_customers",),
    "shopify.draft_order_create": ("write_draft_orders",),
    "shopify.inventory_adjust": ("write_inventory",),
    "shopify.inventory_list": ("read_products", "read_inventory", "read_locations"),
    "shopify.inventory_set": ("read_products", "write_inventory", "read_locations"),
    "shopify.order_cancel": ("write_orders",),
    "shopify.order_fulfill": ("read_orders", _FULFILLMENT),
    "shopify.order_get": ("read_orders",),
    "shopify.order_list": ("read_orders",),
    "shopify.order_note": ("write_orders",),
    "shopify.order_refund": ("write_orders",),
    "shopify.order_tag": ("write_orders",),
    "shopify.payout_get": ("read_shopify_payments_payouts",),
    "shopify.payout_list": ("read_shopify_payments_payouts",),
    "shopify.product_get": ("read_products",),
    "shopify.product_upsert": ("write_products",),
    "shopify.webhook_subscribe": (),
}
"""Scopes by action. A bulk query needs those of what it asks for, a subscription that of its topic."""
