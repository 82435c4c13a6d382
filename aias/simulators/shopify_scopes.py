"""Which access scope a field asks for, and Shopify's refusal where a token lacks it.

Source: https://shopify.dev/docs/api/usage/access-scopes . A scope to write contains the one to read.
"""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from aias.simulators.graph import Info, Resolver

__all__ = ["ALL_SCOPES", "REST_SCOPES", "allowed", "guarded"]

_DOCUMENTATION = "https://shopify.dev/api/usage/access-scopes"
_FULFILLMENT = "merchant_managed_fulfillment_orders"

_FIELDS: dict[str, str] = {
    "QueryRoot.abandonedCheckouts": "read_orders",
    "QueryRoot.customer": "read_customers",
    "QueryRoot.customerByIdentifier": "read_customers",
    "QueryRoot.customers": "read_customers",
    "QueryRoot.draftOrder": "read_draft_orders",
    "QueryRoot.draftOrders": "read_draft_orders",
    "QueryRoot.fulfillmentOrder": f"read_{_FULFILLMENT}",
    "QueryRoot.inventoryItem": "read_inventory",
    "QueryRoot.location": "read_locations",
    "QueryRoot.locations": "read_locations",
    "QueryRoot.order": "read_orders",
    "QueryRoot.orders": "read_orders",
    "QueryRoot.ordersCount": "read_orders",
    "QueryRoot.product": "read_products",
    "QueryRoot.productByIdentifier": "read_products",
    "QueryRoot.productVariant": "read_products",
    "QueryRoot.productVariants": "read_products",
    "QueryRoot.products": "read_products",
    "QueryRoot.shopifyPaymentsAccount": "read_shopify_payments_payouts",
    "AbandonedCheckout.customer": "read_customers",
    "InventoryItem.inventoryLevel": "read_inventory",
    "InventoryItem.inventoryLevels": "read_inventory",
    "Order.fulfillmentOrders": f"read_{_FULFILLMENT}",
    "Mutation.customerSet": "write_customers",
    "Mutation.customerUpdate": "write_customers",
    "Mutation.draftOrderCreate": "write_draft_orders",
    "Mutation.fulfillmentCreate": f"write_{_FULFILLMENT}",
    "Mutation.inventoryAdjustQuantities": "write_inventory",
    "Mutation.inventorySetQuantities": "write_inventory",
    "Mutation.orderCancel": "write_orders",
    "Mutation.orderClose": "write_orders",
    "Mutation.orderMarkAsPaid": "write_orders",
    "Mutation.orderOpen": "write_orders",
    "Mutation.orderUpdate": "write_orders",
    "Mutation.productSet": "write_products",
    "Mutation.refundCreate": "write_orders",
}
# What carries tags, or is a node, says by its id what it is.
_KINDS = {
    "Customer": "customers",
    "DraftOrder": "draft_orders",
    "Fulfillment": "orders",
    "FulfillmentOrder": _FULFILLMENT,
    "InventoryItem": "inventory",
    "Location": "locations",
    "Order": "orders",
    "Product": "products",
    "ProductVariant": "products",
    "ShopifyPaymentsPayout": "shopify_payments_payouts",
}
_READ_ONLY = frozenset({"locations", "shopify_payments_payouts"})
_BY_ID = {"QueryRoot.node": "read", "Mutation.tagsAdd": "write", "Mutation.tagsRemove": "write"}

REST_SCOPES = {
    "rest.customer": "read_customers",
    "rest.customers": "read_customers",
    "rest.order": "read_orders",
    "rest.order.update": "write_orders",
    "rest.orders": "read_orders",
    "rest.orders.count": "read_orders",
    "rest.product": "read_products",
    "rest.products": "read_products",
}
"""The scope that each REST operation asks for; those that are not here ask for none."""

ALL_SCOPES = frozenset(
    {*_FIELDS.values(), *REST_SCOPES.values(), *(f"write_{kind}" for kind in _KINDS.values() if kind not in _READ_ONLY)}
)
"""Every scope that the local shop knows."""


def allowed(scopes: frozenset[str], wanted: str) -> bool:
    """Whether these scopes contain that one."""
    return wanted in scopes or wanted.replace("read_", "write_", 1) in scopes


def guarded(resolvers: dict[str, Resolver]) -> dict[str, Resolver]:
    """The resolvers, those that need a scope behind a look at the token's."""
    return {name: _guard(name, resolver) for name, resolver in resolvers.items()}


def _guard(name: str, resolver: Resolver) -> Resolver:
    fixed, verb = _FIELDS.get(name), _BY_ID.get(name)
    if fixed is None and verb is None:
        return resolver

    def resolve(source: Any, info: Info, **arguments: Any) -> Any:
        kind = _KINDS.get(str(arguments.get("id")).removeprefix("gid://shopify/").partition("/")[0])
        wanted = fixed or (f"{verb}_{kind}" if kind else None)
        if wanted is not None and not allowed(info.context.scopes, wanted):
            required = f"`{wanted}` access scope."
            raise GraphQLError(
                f"Access denied for {info.field_name} field. Required access: {required}",
                extensions={"code": "ACCESS_DENIED", "documentation": _DOCUMENTATION, "requiredAccess": required},
            )
        return resolver(source, info, **arguments)

    return resolve
