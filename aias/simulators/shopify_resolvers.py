"""How the fields of ``shopify.graphql`` are read from the shop's orders, customers and products."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aias.simulators.connections import connect
from aias.simulators.graph import Info, Resolver
from aias.simulators.money import MoneyBag, total
from aias.simulators.order import Address, Discount, LineItem, Refund
from aias.simulators.people import REGIONS, SHOP_CURRENCY
from aias.simulators.resolving import constant, cut, gid, paged, read
from aias.simulators.shopify_records import (
    AdjustmentGroup,
    BalanceTransaction,
    BulkOperation,
    Checkout,
    CustomerRecord,
    DraftLine,
    DraftOrder,
    Fulfillment,
    FulfillmentOrder,
    InventoryItem,
    InventoryLevel,
    Location,
    OrderRecord,
    Payout,
    ProductRecord,
    VariantRecord,
    WebhookSubscription,
)
from aias.simulators.shopify_refunds import transactions

__all__ = ["RESOLVERS", "SHOP_ID", "amount", "type_of"]

SHOP_ID = 600_000_001

_DISCOUNT_TYPES = {
    "code": "DiscountCodeApplication",
    "automatic": "AutomaticDiscountApplication",
    "manual": "ManualDiscountApplication",
}
_TYPES = {
    OrderRecord: "Order",
    CustomerRecord: "Customer",
    ProductRecord: "Product",
    VariantRecord: "ProductVariant",
    LineItem: "LineItem",
    Refund: "Refund",
    Address: "MailingAddress",
    AdjustmentGroup: "InventoryAdjustmentGroup",
    BalanceTransaction: "ShopifyPaymentsBalanceTransaction",
    BulkOperation: "BulkOperation",
    Checkout: "AbandonedCheckout",
    DraftLine: "DraftOrderLineItem",
    DraftOrder: "DraftOrder",
    Fulfillment: "Fulfillment",
    FulfillmentOrder: "FulfillmentOrder",
    InventoryItem: "InventoryItem",
    InventoryLevel: "InventoryLevel",
    Location: "Location",
    Payout: "ShopifyPaymentsPayout",
    WebhookSubscription: "WebhookSubscription",
}


def type_of(value: Any) -> str:
    """The object type of a value that the schema gives as an interface or a union."""
    if isinstance(value, Discount):
        return _DISCOUNT_TYPES[value.kind]
    if isinstance(value, Mapping):
        return "PricingPercentageValue" if "percentage" in value else "MoneyV2"
    return _TYPES[type(value)]


def amount(value: Decimal) -> str:
    """An amount as Shopify's GraphQL prints it: without needless zeros, but with at least one decimal."""
    text = format(value, "f")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"


def _money(value: Decimal, code: str) -> dict[str, str]:
    return {"amount": amount(value), "currencyCode": code}


def _received(order: OrderRecord) -> MoneyBag:
    return order.order.total if order.paid else order.order.zero


def _outstanding(order: OrderRecord) -> MoneyBag:
    return order.order.zero if order.paid or order.order.cancelled_at else order.order.total


def _current_discounts(record: OrderRecord) -> MoneyBag:
    order = record.order
    given_back = (
        line.all_discounts.part(Decimal(order.refunded_quantity(line)), Decimal(line.quantity)) for line in order.lines
    )
    return order.discount_total - total(given_back, order.zero)


def _discount_codes(order: OrderRecord) -> list[str]:
    return [d.title for d in order.order.discounts if d.kind == "code"]


def _page_of_discounts(order: OrderRecord, _info: Info, **page: Any) -> dict[str, Any]:
    return connect(order.order.discounts, key=lambda discount: discount.index, **page)


def _discounted_total(line: LineItem, _info: Info, withCodeDiscounts: bool = False) -> MoneyBag:  # noqa: FBT001, FBT002
    taken = (
        a.amount for a in line.allocations if not a.discount.across or (withCodeDiscounts and a.discount.kind == "code")
    )
    return line.original_total - total(taken, line.unit_price)


def _unit(bag: MoneyBag, line: LineItem) -> MoneyBag:
    return bag.part(Decimal(1), Decimal(line.quantity))


def _left(line: LineItem, info: Info) -> int:
    records = info.context.shop.orders.values()
    return next(line.quantity - o.order.refunded_quantity(line) for o in records if line in o.order.lines)


def _product(line: LineItem, info: Info) -> Any:
    return info.context.shop.products.get(line.product.id) if line.product else None


def _variant(line: LineItem, info: Info) -> Any:
    return info.context.shop.variants.get(line.product.variant_id) if line.product else None


def _value(discount: Discount) -> dict[str, Any]:
    if discount.percentage is not None:
        return {"percentage": float(discount.percentage)}
    return _money(discount.amount or Decimal(0), discount.currency)


def _formatted(home: Address, _info: Info, withName: bool = False, withCompany: bool = True) -> list[str]:  # noqa: FBT001, FBT002
    place = " ".join(part for part in (home.city, home.province_code, home.zip) if part)
    first = ([home.name] if withName else []) + ([home.company] if withCompany and home.company else [])
    return [*first, home.address1, *([home.address2] if home.address2 else []), place, home.country]


def _email(customer: CustomerRecord) -> dict[str, str] | None:
    email = customer.customer.email
    return {"emailAddress": email, "marketingState": customer.marketing_state} if email else None


def _spent(customer: CustomerRecord) -> dict[str, str]:
    spent = sum((o.order.total.shop - o.order.refunded_total.shop for o in customer.orders if o.paid), start=Decimal(0))
    return _money(spent, SHOP_CURRENCY)


_MONEY = {
    "MoneyBag.shopMoney": read(lambda bag: _money(bag.shop, bag.shop_currency)),
    "MoneyBag.presentmentMoney": read(lambda bag: _money(bag.presentment, bag.presentment_currency)),
}

_ORDER: dict[str, Resolver] = {
    "Order.id": gid("Order"),
    "Order.legacyResourceId": read(lambda o: str(o.id)),
    "Order.processedAt": read(lambda o: o.created_at),
    "Order.closed": read(lambda o: o.closed_at is not None),
    "Order.confirmed": constant(value=True),
    "Order.test": constant(value=True),
    "Order.sourceName": constant("web"),
    "Order.customerLocale": read(lambda o: o.customer.locale if o.customer else "en"),
    "Order.paymentGatewayNames": constant(["bogus"]),
    "Order.displayFinancialStatus": read(lambda o: o.financial_status),
    "Order.fullyPaid": read(lambda o: o.paid),
    "Order.unpaid": read(lambda o: not o.paid),
    "Order.currencyCode": read(lambda o: o.currency),
    "Order.presentmentCurrencyCode": read(lambda o: o.presentment_currency),
    "Order.taxExempt": constant(value=False),
    "Order.dutiesIncluded": constant(value=False),
    "Order.subtotalLineItemsQuantity": read(lambda o: sum(line.quantity for line in o.lines)),
    "Order.subtotalPriceSet": read(lambda o: o.subtotal),
    "Order.totalDiscountsSet": read(lambda o: o.discount_total),
    "Order.cartDiscountAmountSet": read(lambda o: o.order_discount_total),
    "Order.totalTaxSet": read(lambda o: o.tax_total),
    "Order.totalShippingPriceSet": read(lambda o: o.shipping_total),
    "Order.totalPriceSet": read(lambda o: o.total),
    "Order.totalTipReceivedSet": read(lambda o: o.zero),
    "Order.originalTotalPriceSet": read(lambda o: o.total),
    "Order.currentSubtotalPriceSet": read(lambda o: o.subtotal - o.refunded_subtotal),
    "Order.currentTotalDiscountsSet": read(_current_discounts),
    "Order.currentTotalTaxSet": read(lambda o: o.tax_total - o.refunded_tax),
    "Order.currentTotalPriceSet": read(lambda o: o.total - o.refunded_total),
    "Order.totalReceivedSet": read(_received),
    "Order.totalRefundedSet": read(lambda o: o.refunded_total),
    "Order.totalOutstandingSet": read(_outstanding),
    "Order.netPaymentSet": read(lambda o: _received(o) - o.refunded_total),
    "Order.discountCode": read(lambda o: next(iter(_discount_codes(o)), None)),
    "Order.discountCodes": read(_discount_codes),
    "Order.discountApplications": _page_of_discounts,
    "Order.billingAddressMatchesShippingAddress": read(lambda o: o.billing_address == o.shipping_address),
    "Order.shippingLine": read(lambda o: next(iter(o.shipping_lines), None)),
    "Order.shippingLines": paged(lambda o: o.shipping_lines),
    "Order.lineItems": paged(lambda o: o.lines),
    "Order.refunds": cut(lambda o: o.refunds),
    "Order.transactions": cut(transactions),
    "OrderTransaction.id": read(lambda t: t["id"]),
}

_LINES: dict[str, Resolver] = {
    "LineItem.id": gid("LineItem"),
    "LineItem.currentQuantity": _left,
    "LineItem.refundableQuantity": _left,
    "LineItem.isGiftCard": constant(value=False),
    "LineItem.customAttributes": constant([]),
    "LineItem.product": _product,
    "LineItem.variant": _variant,
    "LineItem.originalUnitPriceSet": read(lambda line: line.unit_price),
    "LineItem.originalTotalSet": read(lambda line: line.original_total),
    "LineItem.discountedUnitPriceSet": read(lambda line: _unit(line.discounted_total, line)),
    "LineItem.discountedUnitPriceAfterAllDiscountsSet": read(lambda line: _unit(line.final_total, line)),
    "LineItem.discountedTotalSet": _discounted_total,
    "LineItem.totalDiscountSet": read(lambda line: line.line_discount),
    "LineItem.discountAllocations": read(lambda line: line.allocations),
    "LineItem.taxLines": cut(lambda line: line.tax_lines),
    "TaxLine.rate": read(lambda tax: float(tax.rate)),
    "TaxLine.ratePercentage": read(lambda tax: float(tax.rate * 100)),
    "TaxLine.priceSet": read(lambda tax: tax.price),
    "TaxLine.channelLiable": constant(value=False),
    "TaxLine.source": constant(None),
    "ShippingLine.id": gid("ShippingLine"),
    "ShippingLine.source": constant("shopify"),
    "ShippingLine.custom": constant(value=False),
    "ShippingLine.originalPriceSet": read(lambda line: line.price),
    "ShippingLine.discountedPriceSet": read(lambda line: line.price),
    "ShippingLine.discountAllocations": constant([]),
    "DiscountAllocation.allocatedAmountSet": read(lambda a: a.amount),
    "DiscountAllocation.discountApplication": read(lambda a: a.discount),
    "DiscountCodeApplication.code": read(lambda d: d.title),
    "ManualDiscountApplication.description": read(lambda d: d.title),
    **{
        f"{kind}.{name}": reader
        for kind in _DISCOUNT_TYPES.values()
        for name, reader in {
            "allocationMethod": read(lambda d: "ACROSS" if d.across or d.percentage is None else "EACH"),
            "targetSelection": read(lambda d: "ALL" if d.across else "ENTITLED"),
            "targetType": constant("LINE_ITEM"),
            "value": read(_value),
        }.items()
    },
    "Refund.id": gid("Refund"),
    "Refund.legacyResourceId": read(lambda r: str(r.id)),
    "Refund.updatedAt": read(lambda r: r.created_at),
    "Refund.totalRefundedSet": read(lambda r: r.total),
    "Refund.refundLineItems": paged(lambda r: r.lines),
    "RefundLineItem.id": gid("RefundLineItem"),
    "RefundLineItem.lineItem": read(lambda r: r.line),
    "RefundLineItem.restockType": read(lambda r: r.restock),
    "RefundLineItem.priceSet": read(lambda r: r.line.unit_price),
    "RefundLineItem.subtotalSet": read(lambda r: r.subtotal),
    "RefundLineItem.totalTaxSet": read(lambda r: r.tax),
}


_OTHERS: dict[str, Resolver] = {
    "Customer.id": gid("Customer"),
    "Customer.legacyResourceId": read(lambda c: str(c.id)),
    "Customer.defaultEmailAddress": read(_email),
    "Customer.defaultPhoneNumber": read(lambda c: {"phoneNumber": c.phone} if c.phone else None),
    "Customer.state": constant("DISABLED"),
    "Customer.taxExempt": constant(value=False),
    "Customer.verifiedEmail": read(lambda c: c.email is not None),
    "Customer.numberOfOrders": read(lambda c: str(len(c.orders))),
    "Customer.amountSpent": read(_spent),
    "MailingAddress.id": gid("MailingAddress"),
    "MailingAddress.countryCodeV2": read(lambda a: a.country_code),
    "MailingAddress.formatted": _formatted,
    "Shop.enabledPresentmentCurrencies": constant(sorted({region.currency for region in REGIONS.values()})),
}

RESOLVERS: dict[str, Resolver] = {**_MONEY, **_ORDER, **_LINES, **_OTHERS}
"""Every field that is not simply the attribute of its own name."""
