"""Answers of the real Shopify can be told by the local one: the same names, values of the same types.

The answers in ``shopify_fixtures`` are those of the tests of Shopify's own client library (shopify_python_api, MIT).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLNonNull, GraphQLObjectType, get_named_type
from starlette.datastructures import QueryParams

from aias.simulators import ShopifySimulator
from aias.simulators.shopify_json import customer_json, order_json, product_json
from aias.simulators.shopify_rest import rest_answer

FIXTURES = Path(__file__).parent / "shopify_fixtures"

# What is not served: gone from the API by now, or about checkouts, browsers and marketing.
LEFT_OUT = {
    "accepts_marketing", "accepts_marketing_updated_at", "address1", "addresses", "app_id", "browser_ip",
    "buyer_accepts_marketing", "cart_token", "checkout_id", "checkout_token", "city", "client_details", "country",
    "country_name", "currency", "customer_id", "customer_locale", "default", "device_id", "gateway", "landing_site",
    "landing_site_ref", "last_order_id", "last_order_name", "location_id", "marketing_opt_in_level", "money_format",
    "money_with_currency_format", "multipass_identifier", "order_status_url", "orders_count", "payment_details",
    "phone", "processing_method", "product_exists", "province", "public", "receipt", "reference", "referring_site",
    "shop_owner", "source", "source_identifier", "source_url", "tax_exemptions", "tax_shipping", "template_suffix",
    "timezone", "token", "total_price_usd", "total_spent", "total_weight", "user_id", "variant_inventory_management",
    "zip",
}  # fmt: skip


def real(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def shop() -> ShopifySimulator:
    made = ShopifySimulator(orders=40)
    made.base_url = "http://127.0.0.1"
    return made


def local(shop: ShopifySimulator, name: str) -> list[dict[str, Any]]:
    shown: dict[str, list[Any]] = {
        "order": [order_json(one) for one in shop.shop.orders.values()],
        "customer": [customer_json(one) for one in shop.shop.customers.values()],
        "product": [product_json(one) for one in shop.shop.products.values()],
        "shop": [rest_answer("rest.shop", shop.shop, "http://127.0.0.1/x", QueryParams(), b"")[0]["shop"]],
    }
    return json.loads(json.dumps(shown[name], default=str))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("order", real("order")["order"]),
        ("order", real("orders")["orders"][0]),
        ("customer", real("customer")["customer"]),
        ("product", real("product")["product"]),
        ("shop", real("shop")["shop"]),
    ],
    ids=["order", "orders", "customer", "product", "shop"],
)
def test_a_real_answer_over_rest_has_the_names_and_types_of_the_local_one(
    shop: ShopifySimulator, kind: str, given: dict[str, Any]
) -> None:
    same(given, local(shop, kind), kind)


def same(given: dict[str, Any], shown: list[dict[str, Any]], path: str) -> None:
    """Hold that each field is there in the local answers, and has its type in one of them (null aside)."""
    for name, value in given.items():
        there = [one[name] for one in shown if name in one]
        if not there:
            assert name in LEFT_OUT, f"{path}.{name} is not served"
            continue
        known = [one for one in there if one is not None]
        if value is None or not known:
            continue
        if isinstance(value, dict):
            same(value, [one for one in known if isinstance(one, dict)], f"{path}.{name}")
        elif isinstance(value, list):
            inner = [one for many in known for one in many]
            if value and inner and isinstance(value[0], dict):
                same(value[0], inner, f"{path}.{name}")
        elif name in {"latitude", "longitude"}:
            continue
        else:
            kinds = {type(one) for one in known}
            assert type(value) in kinds, f"{path}.{name}: {value!r} is none of {kinds}"


# REST's name of a field, and where the same is in GraphQL.
PAIRS = [
    ("order", "admin_graphql_api_id", "Order.id"),
    ("order", "id", "Order.legacyResourceId"),
    ("order", "name", "Order.name"),
    ("order", "email", "Order.email"),
    ("order", "phone", "Order.phone"),
    ("order", "note", "Order.note"),
    ("order", "created_at", "Order.createdAt"),
    ("order", "processed_at", "Order.processedAt"),
    ("order", "updated_at", "Order.updatedAt"),
    ("order", "cancelled_at", "Order.cancelledAt"),
    ("order", "closed_at", "Order.closedAt"),
    ("order", "cancel_reason", "Order.cancelReason"),
    ("order", "financial_status", "Order.displayFinancialStatus"),
    ("order", "currency", "Order.currencyCode"),
    ("order", "presentment_currency", "Order.presentmentCurrencyCode"),
    ("order", "taxes_included", "Order.taxesIncluded"),
    ("order", "test", "Order.test"),
    ("order", "confirmed", "Order.confirmed"),
    ("order", "payment_gateway_names", "Order.paymentGatewayNames"),
    ("order", "total_price_set.shop_money.amount", "MoneyV2.amount"),
    ("order", "total_price_set.shop_money.currency_code", "MoneyV2.currencyCode"),
    ("order", "billing_address.country_code", "MailingAddress.countryCodeV2"),
    ("order", "billing_address.province_code", "MailingAddress.provinceCode"),
    ("order", "billing_address.zip", "MailingAddress.zip"),
    ("order", "customer.admin_graphql_api_id", "Customer.id"),
    ("order", "customer.state", "Customer.state"),
    ("order", "customer.verified_email", "Customer.verifiedEmail"),
    ("order", "customer.orders_count", "Customer.numberOfOrders"),
    ("order", "customer.total_spent", "MoneyV2.amount"),
    ("product", "title", "Product.title"),
    ("product", "handle", "Product.handle"),
    ("product", "vendor", "Product.vendor"),
    ("product", "product_type", "Product.productType"),
    ("product", "body_html", "Product.descriptionHtml"),
    ("product", "published_at", "Product.publishedAt"),
    ("product", "variants.price", "ProductVariant.price"),
    ("product", "variants.compare_at_price", "ProductVariant.compareAtPrice"),
    ("product", "variants.sku", "ProductVariant.sku"),
    ("product", "variants.position", "ProductVariant.position"),
    ("product", "variants.inventory_quantity", "ProductVariant.inventoryQuantity"),
]
_SHAPES = {
    "ID": r"gid://shopify/\w+/\d+",
    "DateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)",
    "Decimal": r"\d+(\.\d+)?",
    "Money": r"\d+(\.\d+)?",
    "UnsignedInt64": r"\d+",
    "CountryCode": r"[A-Z]{2}",
    "Int": r"-?\d+",
    "Boolean": r"True|False",
    "String": r"(?s).*",
    "HTML": r"(?s).*",
}


@pytest.mark.parametrize(("kind", "name", "field"), PAIRS)
def test_a_real_value_is_one_of_the_schemas_type(shop: ShopifySimulator, kind: str, name: str, field: str) -> None:
    value: Any = {"order": real("orders")["orders"][0], "product": real("product")["product"]}[kind]
    for part in name.split("."):
        value = value[0][part] if isinstance(value, list) else value[part]
    owner, _, wanted = field.partition(".")
    parent = shop._graph.schema.type_map[owner]
    assert isinstance(parent, GraphQLObjectType)
    type_ = parent.fields[wanted].type
    if value is None:
        assert not isinstance(type_, GraphQLNonNull)
        return
    named = get_named_type(type_)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(named, GraphQLEnumType):
            assert str(one).upper() in named.values
        else:
            assert re.fullmatch(_SHAPES[named.name], str(one)), (one, named.name)
