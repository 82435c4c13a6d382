"""Draft orders as the local shop keeps them; all their amounts are in the shop's currency."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from aias.simulators.graph import Info, Resolver
from aias.simulators.money import MoneyBag, rounded, total
from aias.simulators.people import SHOP_CURRENCY
from aias.simulators.resolving import constant, gid, paged, read
from aias.simulators.shopify_context import find, inner, listed, many, one, user_error
from aias.simulators.shopify_customers import EMAIL
from aias.simulators.shopify_records import CustomerRecord, DraftLine, DraftOrder, VariantRecord
from aias.simulators.shopify_store import TAG_LENGTH, Shop, split_tags

__all__ = ["DRAFT_RESOLVERS"]

_MOST_LINES = 499

_FIELDS: dict[str, Callable[[DraftOrder], Any]] = {
    "id": lambda d: d.id,
    "tag": lambda d: d.tags,
    "customer_id": lambda d: d.customer.customer.id if d.customer else None,
    "created_at": lambda d: d.created_at,
    "updated_at": lambda d: d.updated_at,
    "default": lambda d: [f"#D{d.number}", d.email],
}


def _create(_source: Any, info: Info, input: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    made = _draft(shop, input)
    if isinstance(made, dict):
        return {"draftOrder": None, "userErrors": [made]}
    shop.drafts[made.id] = made
    shop.changed("DRAFT_ORDERS_CREATE", made)
    return {"draftOrder": made, "userErrors": []}


def _draft(shop: Shop, given: dict[str, Any]) -> DraftOrder | dict[str, Any]:
    """The draft order, or the user error."""
    wanted = listed(given, "lineItems")
    tags = split_tags(given.get("tags") or ())
    if not 1 <= len(wanted) <= _MOST_LINES:
        return user_error("Add at least 1 product", "lineItems")
    if given.get("email") and not EMAIL.fullmatch(given["email"]):
        return user_error("Email is invalid", "email")
    if any(len(tag) > TAG_LENGTH for tag in tags):
        return user_error(f"Tag exceeds the maximum length of {TAG_LENGTH} characters", "tags")
    customer_id = inner(given, "purchasingEntity").get("customerId")
    customer = find(shop, customer_id) if customer_id else None
    if customer_id and not isinstance(customer, CustomerRecord):
        return user_error("Customer does not exist", "purchasingEntity", "customerId")
    lines: list[DraftLine] = []
    for at, one_line in enumerate(wanted):
        line = _line(shop, one_line)
        if isinstance(line, str):
            return user_error(line, "lineItems", str(at))
        lines.append(line)
    now = shop.now()
    return DraftOrder(
        id=shop.number(),
        number=len(shop.drafts) + 1,
        email=given.get("email") or (customer.customer.email if customer else None),
        note=given.get("note"),
        tags=sorted(dict.fromkeys(tags), key=str.casefold),
        custom_attributes=[dict(one_attribute) for one_attribute in listed(given, "customAttributes")],
        customer=customer,
        lines=tuple(lines),
        created_at=now,
        updated_at=now,
    )


def _line(shop: Shop, given: dict[str, Any]) -> DraftLine | str:
    """The line, or what is wrong with it."""
    if given["quantity"] < 1:
        return "Quantity must be greater than or equal to 1"
    if given.get("variantId"):
        variant = find(shop, given["variantId"])
        if not isinstance(variant, VariantRecord):
            return f"Product with ID {given['variantId'].rsplit('/', 1)[-1]} is no longer available."
        title, sku, price = variant.product.title, variant.sku, variant.price
        return DraftLine(
            id=shop.number(), title=title, sku=sku, quantity=given["quantity"], price=_bag(price), variant=variant
        )
    if not given.get("title"):
        return "Title can't be blank"
    try:
        price = Decimal(str(inner(given, "originalUnitPriceWithCurrency").get("amount", "0")))
    except InvalidOperation:
        return "Price is not a number"
    return DraftLine(
        id=shop.number(),
        title=given["title"],
        sku=given.get("sku"),
        quantity=given["quantity"],
        price=_bag(price),
        variant=None,
    )


def _bag(amount: Decimal) -> MoneyBag:
    price = rounded(amount, SHOP_CURRENCY)
    return MoneyBag(price, SHOP_CURRENCY, price, SHOP_CURRENCY)


def _total(draft: DraftOrder) -> MoneyBag:
    return total((line.price.times(line.quantity) for line in draft.lines), _bag(Decimal(0)))


def _name(line: DraftLine) -> str:
    is_plain = line.variant is None or line.variant.title == "Default Title"
    return line.title if is_plain or line.variant is None else f"{line.title} - {line.variant.title}"


DRAFT_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.draftOrder": one(DraftOrder),
    "QueryRoot.draftOrders": many(lambda _source, shop: shop.drafts.values(), _FIELDS),
    "Mutation.draftOrderCreate": _create,
    "DraftOrder.id": gid("DraftOrder"),
    "DraftOrder.legacyResourceId": read(lambda d: str(d.id)),
    "DraftOrder.name": read(lambda d: f"#D{d.number}"),
    "DraftOrder.status": constant("OPEN"),
    "DraftOrder.note2": read(lambda d: d.note),
    "DraftOrder.currencyCode": constant(SHOP_CURRENCY),
    "DraftOrder.order": constant(None),
    "DraftOrder.invoiceUrl": constant(None),
    "DraftOrder.subtotalPriceSet": read(_total),
    "DraftOrder.totalPriceSet": read(_total),
    "DraftOrder.lineItems": paged(lambda d: d.lines),
    "DraftOrderLineItem.id": gid("DraftOrderLineItem"),
    "DraftOrderLineItem.name": read(_name),
    "DraftOrderLineItem.custom": read(lambda line: line.variant is None),
    "DraftOrderLineItem.originalUnitPriceSet": read(lambda line: line.price),
    "DraftOrderLineItem.originalTotalSet": read(lambda line: line.price.times(line.quantity)),
}
"""Draft orders, and the mutation that makes one."""
