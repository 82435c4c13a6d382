"""Every request that is made of Shopify fits its schema, costs less than it may, and needs no scope but its own."""

from __future__ import annotations

from typing import Any, cast

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    OperationDefinitionNode,
    get_named_type,
    parse,
    print_type,
    validate,
)

from aias.errors import PermanentError
from aias.integrations.shopify import documents, mutations
from aias.integrations.shopify.customers import CustomerUpsertInput
from aias.integrations.shopify.drafts import DraftOrderCreateInput
from aias.integrations.shopify.products import ProductUpsertInput
from aias.integrations.shopify.scopes import ACTION_SCOPES
from aias.plugins import all_actions, load_plugins
from aias.simulators.cost import QUERY_LIMIT, requested_cost
from aias.simulators.shopify import ShopifySimulator

_TEXTS = ("CUSTOMER_FIELDS", "PRODUCT_FIELDS", "Money", "unkeyed")


def _documents() -> dict[str, str]:
    found: dict[str, str] = {}
    for module in (documents, mutations):
        for name in module.__all__:
            value = getattr(module, name)
            if name in _TEXTS:
                continue
            if isinstance(value, str):
                found[name] = value
            else:
                found |= {f"{name} ({money})": text for money, text in value.items()}
    return found


DOCUMENTS = _documents()
SCHEMA = ShopifySimulator(orders=0)._graph.schema
LARGEST_PAGE = {"CHECKOUTS": 50, "STOCK": 50}
"""What the actions ask for at most, where that is less than Shopify gives."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_fits_the_schema(name: str) -> None:
    assert validate(SCHEMA, parse(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", ["REFUND_CREATE", "INVENTORY_ADJUST"])
def test_a_document_without_its_key_fits_the_schema_too(name: str) -> None:
    text = mutations.unkeyed(DOCUMENTS[name])
    assert "idempotent" not in text
    assert validate(SCHEMA, parse(text)) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_costs_less_than_one_query_may(name: str) -> None:
    document = parse(DOCUMENTS[name])
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert requested_cost(SCHEMA, document, operation, {"first": LARGEST_PAGE.get(name, 250)}) <= QUERY_LIMIT


def test_mutations_that_shopify_wants_a_key_for_have_one() -> None:
    keyed = {name for name, text in DOCUMENTS.items() if "@idempotent(key: $key)" in text}
    assert keyed == {"REFUND_CREATE", "INVENTORY_ADJUST", "INVENTORY_SET"}


# The fields that Shopify documents for the inputs that we fill (admin-graphql/latest/input-objects/..., read when it
# said 2026-10), those that must be given with an exclamation mark.
DOCUMENTED = {
    "OrderCancelRefundMethodInput": "originalPaymentMethodsRefund storeCreditRefund",
    "FulfillmentInput": "lineItemsByFulfillmentOrder! notifyCustomer originAddress trackingInfo",
    "RefundInput": "allowOverRefunding currency discrepancyReason note notify orderId! processedAt refundDuties "
    "refundLineItems refundMethods shipping transactions",
    "OrderTransactionInput": "amount! gateway! kind! orderId! parentId",
    "InventoryChangeInput": "changeFromQuantity delta! inventoryItemId! ledgerDocumentUri locationId!",
    "InventorySetQuantitiesInput": "name! quantities! reason! referenceDocumentUri",
    "InventoryQuantityInput": "changeFromQuantity inventoryItemId! locationId! quantity!",
    "ProductSetIdentifiers": "customId handle id",
    "ProductVariantSetInput": "barcode barcodes compareAtPrice file id inventoryItem inventoryPolicy "
    "inventoryQuantities metafields optionValues! position price published requiresComponents showUnitPrice sku "
    "taxable taxCode unitPriceMeasurement",
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_an_input_has_no_field_but_the_documented_ones(name: str) -> None:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    shown = {f"{field}!" if isinstance(one.type, GraphQLNonNull) else field for field, one in kind.fields.items()}
    documented = set(DOCUMENTED[name].split())
    assert shown <= documented, print_type(kind)
    assert {field for field in documented if field.endswith("!")} <= shown


FILLED: list[tuple[str, dict[str, Any]]] = [
    (
        "CustomerSetInput",
        CustomerUpsertInput.model_validate(
            {
                "email": "a@b.cd",
                "phone": "+123456",
                "first_name": "a",
                "last_name": "b",
                "note": "c",
                "tags": ["d"],
                "address": dict.fromkeys(("first_name", "last_name", "company", "address1", "address2"), "X")
                | {"city": "C", "province_code": "CA", "country_code": "US", "zip": "1", "phone": "1"},
            }
        ).to_shopify(),
    ),
    (
        "ProductSetInput",
        ProductUpsertInput.model_validate(
            {
                "handle": "a",
                "title": "b",
                "description_html": "c",
                "vendor": "d",
                "product_type": "e",
                "status": "ACTIVE",
                "tags": ["f"],
                "variants": [{"options": {"A": "B"}, "price": 1, "compare_at_price": 2, "sku": "s", "barcode": "b"}],
            }
        ).to_shopify(),
    ),
    (
        "DraftOrderLineItemInput",
        DraftOrderCreateInput.model_validate(
            {"lines": [{"title": "a", "price": "1", "currency": "USD", "sku": "b", "quantity": 2}]}
        )
        .lines[0]
        .to_shopify(),
    ),
]


@pytest.mark.parametrize(("name", "given"), FILLED)
def test_what_an_action_sends_fits_the_input_with_every_field_filled(name: str, given: dict[str, Any]) -> None:
    _fits(name, given)


def _fits(name: str, given: dict[str, Any]) -> None:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    assert set(given) <= set(kind.fields), name
    for field, value in given.items():
        inner = get_named_type(kind.fields[field].type)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(inner, GraphQLInputObjectType):
                _fits(inner.name, one)


# --- scopes ---


def test_every_action_says_which_scopes_it_needs() -> None:
    load_plugins()
    assert set(ACTION_SCOPES) == {name for name in all_actions() if name.startswith("shopify.")}


SCOPED: dict[str, dict[str, Any]] = {
    "shopify.order_get": {"id": 5_500_000_001},
    "shopify.order_list": {},
    "shopify.order_tag": {"id": 5_500_000_001, "tags": ["a"]},
    "shopify.order_note": {"id": 5_500_000_001, "note": "a", "mode": "replace"},
    "shopify.order_cancel": {"id": 5_500_000_002},
    "shopify.order_fulfill": {"id": 5_500_000_001},
    "shopify.order_refund": {"id": 5_500_000_001, "full": True},
    "shopify.product_get": {"id": 8_000_000_001},
    "shopify.product_upsert": {"handle": "a", "title": "A"},
    "shopify.inventory_adjust": {"changes": [{"item_id": 8_400_000_001, "location_id": 6_000_000_001, "delta": 1}]},
    "shopify.checkout_list": {},
    "shopify.payout_list": {},
    "shopify.payout_get": {"id": 3_300_739_861},
    "shopify.inventory_list": {},
    "shopify.inventory_set": {"quantities": [{"sku": "TEST-001", "quantity": 1}]},
    "shopify.customer_get": {"id": 7_000_000_001},
    "shopify.customer_upsert": {"email": "a@b.cd"},
    "shopify.draft_order_create": {"lines": [{"variant_id": 8_100_000_001}]},
}


async def test_an_action_works_with_its_scopes_and_with_none_of_them_missing(workspace: Any) -> None:
    shop = ShopifySimulator(orders=5, bucket=1e6, restore_rate=1e6)
    await shop.start()
    await workspace.connect("shopify", {"url": shop.url}, {"access_token": shop.token})
    for name, data in SCOPED.items():
        scopes = frozenset(ACTION_SCOPES[name])
        for missing in scopes:
            shop.scopes = scopes - {missing}
            with pytest.raises(PermanentError, match=missing.partition("_")[2]) as caught:
                await workspace.call(name, data, step=f"{name}-{missing}")
            assert "ACCESS_DENIED" in cast("dict[str, Any]", caught.value.detail)["codes"], name
        shop.scopes = scopes
        await workspace.call(name, data, step=name)
    await shop.stop()
