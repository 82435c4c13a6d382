"""Money back and cancellations as the local shop does them.

A refund moves the money that its transactions say, no more; what its lines are worth is only a suggestion
(``Order.suggestedRefund``). Cancelling is a job: the order is cancelled when it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from aias.simulators.connections import connect
from aias.simulators.graph import Info, Resolver
from aias.simulators.money import MoneyBag, total
from aias.simulators.order import LineItem, Refund, RefundLine
from aias.simulators.resolving import constant, read
from aias.simulators.shopify_context import find, inner, listed, user_error
from aias.simulators.shopify_keys import keyed
from aias.simulators.shopify_records import OrderRecord
from aias.simulators.shopify_store import Shop

__all__ = ["REFUND_RESOLVERS", "transactions"]

_RESTOCKS = frozenset({"CANCEL", "LEGACY_RESTOCK", "RETURN"})


def transactions(record: OrderRecord) -> list[dict[str, Any]]:
    """The payments of an order: its sale where it was paid, and one for each refund that moved money."""

    def made(kind: str, number: int, bag: MoneyBag, at: Any) -> dict[str, Any]:
        return {
            "number": number,
            "id": f"gid://shopify/OrderTransaction/{record.order.id * 10 + number}",
            "kind": kind,
            "status": "SUCCESS",
            "gateway": "bogus",
            "amountSet": bag,
            "createdAt": at,
            "processedAt": at,
            "test": True,
        }

    order = record.order
    sale = [made("SALE", 0, order.total, order.created_at)] if order.paid else []
    refunds = [made("REFUND", n, r.total, r.created_at) for n, r in enumerate(order.refunds, start=1)]
    return sale + [one for one in refunds if one["amountSet"].presentment]


def _refundable(record: OrderRecord) -> MoneyBag:
    return record.order.received_total - record.order.refunded_total


# --- what a refund would be ---


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suggestion:
    record: OrderRecord
    lines: tuple[RefundLine, ...]
    shipping: MoneyBag
    amount: MoneyBag

    @property
    def subtotal(self) -> MoneyBag:
        return total((line.subtotal for line in self.lines), self.record.order.zero)

    @property
    def tax(self) -> MoneyBag:
        return total((line.tax for line in self.lines), self.record.order.zero)


def _refund_line(number: int, line: LineItem, quantity: int, restock: str) -> RefundLine:
    share = (Decimal(quantity), Decimal(line.quantity))
    tax = total((tax.price.part(*share) for tax in line.tax_lines), line.unit_price)
    subtotal = line.final_total.part(*share)
    return RefundLine(id=number, line=line, quantity=quantity, subtotal=subtotal, tax=tax, restock=restock)


def _left(record: OrderRecord, line: LineItem) -> int:
    return line.quantity - record.order.refunded_quantity(line)


def _suggest(
    record: OrderRecord,
    _info: Info,
    refundLineItems: list[dict[str, Any]] | None = None,
    refundShipping: bool | None = None,  # noqa: FBT001
    shippingAmount: Any = None,
    suggestFullRefund: bool = False,  # noqa: FBT001, FBT002
) -> _Suggestion:
    order = record.order
    given: list[dict[str, Any]] = refundLineItems or []
    if suggestFullRefund:
        given = [{"lineItemId": f"gid://shopify/LineItem/{x.id}", "quantity": _left(record, x)} for x in order.lines]
    lines = tuple(
        _refund_line(number, line, min(wanted["quantity"], _left(record, line)), wanted.get("restockType") or "RETURN")
        for number, wanted in enumerate(given, start=1)
        if (line := _line_of(record, wanted["lineItemId"])) is not None and wanted["quantity"] > 0
    )
    shipping = order.zero
    if refundShipping or suggestFullRefund:
        shipping = order.shipping_total
        if not order.taxes_included:
            shipping += total((t.price for line in order.shipping_lines for t in line.tax_lines), order.zero)
    elif shippingAmount is not None:
        shipping = order.shipping_total.part(_decimal(shippingAmount), order.shipping_total.presentment)
    amount = total((line.subtotal for line in lines), order.zero) + shipping
    if not order.taxes_included:
        amount += total((line.tax for line in lines), order.zero)
    most = _refundable(record)
    if suggestFullRefund or amount.presentment > most.presentment:
        amount = most
    return _Suggestion(record=record, lines=lines, shipping=shipping, amount=amount)


def _suggested_transactions(suggestion: _Suggestion) -> list[dict[str, Any]]:
    parent = next((one for one in transactions(suggestion.record) if one["kind"] == "SALE"), None)
    if parent is None or not suggestion.amount.presentment:
        return []
    return [
        {
            "amountSet": suggestion.amount,
            "gateway": parent["gateway"],
            "kind": "SUGGESTED_REFUND",
            "maximumRefundableSet": _refundable(suggestion.record),
            "parentTransaction": parent,
        }
    ]


def _line_of(record: OrderRecord, gid: str) -> LineItem | None:
    return next((line for line in record.order.lines if gid == f"gid://shopify/LineItem/{line.id}"), None)


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(-1)


# --- making one ---


def _refund_create(_source: Any, info: Info, input: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    record = find(shop, input["orderId"])
    if not isinstance(record, OrderRecord):
        return _refused("Order does not exist", "orderId")
    problem = _bad_lines(record, listed(input, "refundLineItems")) or _bad_money(record, input)
    if problem is not None:
        return _refused(*problem)
    lines = tuple(
        _refund_line(shop.number(), line, wanted["quantity"], wanted.get("restockType") or "NO_RESTOCK")
        for wanted in listed(input, "refundLineItems")
        if (line := _line_of(record, wanted["lineItemId"])) is not None
    )
    refund = Refund(
        id=shop.number(),
        created_at=shop.now(),
        note=input.get("note"),
        lines=lines,
        total=_moved(record, listed(input, "transactions")),
    )
    _restock(shop, listed(input, "refundLineItems"), record)
    record.order = replace(record.order, refunds=(*record.order.refunds, refund))
    shop.changed("REFUNDS_CREATE", refund)
    shop.touch(record)
    return {"order": record, "refund": refund, "userErrors": []}


def _refused(message: str, *path: str) -> dict[str, Any]:
    return {"order": None, "refund": None, "userErrors": [user_error(message, *path)]}


def _bad_lines(record: OrderRecord, given: list[dict[str, Any]]) -> tuple[str, ...] | None:
    wanted: dict[str, int] = {}
    for at, one in enumerate(given):
        line = _line_of(record, one["lineItemId"])
        if line is None:
            return ("Line item does not exist", "refundLineItems", str(at), "lineItemId")
        wanted[one["lineItemId"]] = wanted.get(one["lineItemId"], 0) + one["quantity"]
        if one["quantity"] < 1 or wanted[one["lineItemId"]] > _left(record, line):
            message = "Quantity cannot refund more items than were purchased"
            return (message, "refundLineItems", str(at), "quantity")
        if one.get("restockType") in _RESTOCKS and not one.get("locationId"):
            return ("Location must be specified for restocking", "refundLineItems", str(at), "locationId")
    return None


def _bad_money(record: OrderRecord, given: dict[str, Any]) -> tuple[str, ...] | None:
    order = record.order
    wanted = given.get("currency") or order.currency
    if wanted != order.presentment_currency:
        return (f"Currency must be the order's presentment currency ({order.presentment_currency})", "currency")
    sent = listed(given, "transactions")
    parents = {one["id"] for one in transactions(record)}
    for at, one in enumerate(sent):
        if one["kind"] != "REFUND" or _decimal(one["amount"]) < 0:
            return ("Transaction is no refund of a positive amount", "transactions", str(at))
        if one.get("parentId") is not None and one["parentId"] not in parents:
            return ("Parent transaction does not exist", "transactions", str(at), "parentId")
    money = sum((_decimal(one["amount"]) for one in sent), start=Decimal(0))
    if money > _refundable(record).presentment and not given.get("allowOverRefunding"):
        return ("Refund amount is more than the order's refundable amount", "transactions")
    if not money and not given.get("refundLineItems") and not given.get("shipping"):
        return ("A refund must have line items, shipping or transactions",)
    return None


def _moved(record: OrderRecord, sent: list[dict[str, Any]]) -> MoneyBag:
    money = sum((_decimal(one["amount"]) for one in sent), start=Decimal(0))
    most = _refundable(record)
    return most if money == most.presentment else record.order.total.part(money, record.order.total.presentment)


def _restock(shop: Shop, given: list[dict[str, Any]], record: OrderRecord) -> None:
    for wanted in given:
        line = _line_of(record, wanted["lineItemId"])
        if line is not None and wanted.get("restockType") in _RESTOCKS:
            _put_back(shop, line, wanted["quantity"], int(wanted["locationId"].rsplit("/", 1)[1]))


def _put_back(shop: Shop, line: LineItem, quantity: int, location: int) -> None:
    variant = shop.variants.get(line.product.variant_id) if line.product else None
    if variant is not None and location in variant.item.quantities:
        here = variant.item.quantities[location]
        here["available"] += quantity
        here["on_hand"] += quantity


# --- cancelling ---


def _cancel(_source: Any, info: Info, orderId: str, reason: str, restock: bool, **given: Any) -> Any:  # noqa: FBT001
    shop: Shop = info.context.shop
    record = find(shop, orderId)
    if not isinstance(record, OrderRecord):
        return _not_cancelled("Order does not exist", "NOT_FOUND")
    if record.order.cancelled_at is not None or shop.is_pending(orderId):
        return _not_cancelled("Order has already been cancelled", "INVALID")
    if record.fulfillments:
        return _not_cancelled("Order has been fulfilled and cannot be cancelled", "INVALID")
    refunds = bool(inner(given, "refundMethod").get("originalPaymentMethodsRefund"))

    def work() -> None:
        _do_cancel(shop, record, reason, given.get("staffNote"), restock=restock, refunds=refunds)

    return {"job": _job(shop, shop.later(work, about=orderId)), "orderCancelUserErrors": [], "userErrors": []}


def _not_cancelled(message: str, code: str) -> dict[str, Any]:
    error = user_error(message, "orderId", code=code)
    return {"job": None, "orderCancelUserErrors": [error], "userErrors": [error]}


def _do_cancel(shop: Shop, record: OrderRecord, reason: str, note: str | None, *, restock: bool, refunds: bool) -> None:
    now = shop.now()
    order = record.order
    if restock:
        for line in order.lines:
            _put_back(shop, line, record.unfulfilled(line), next(iter(shop.locations)))
    made = order.refunds
    money = _refundable(record)
    if refunds and money.presentment > 0:
        lines = tuple(
            _refund_line(shop.number(), line, _left(record, line), "CANCEL")
            for line in order.lines
            if _left(record, line)
        )
        made = (*made, Refund(id=shop.number(), created_at=now, note=None, lines=lines, total=money))
    record.order = replace(order, cancelled_at=now, refunds=made)
    record.cancel_reason, record.staff_note, record.closed_at = reason, note, now
    shop.changed("ORDERS_CANCELLED", record)
    shop.touch(record)


def _job(shop: Shop, number: str) -> dict[str, Any]:
    return {"id": f"gid://shopify/Job/{number}", "done": shop.is_done(number), "query": {}}


def _find_job(_source: Any, info: Info, id: str) -> Any:
    shop: Shop = info.context.shop
    number = id.removeprefix("gid://shopify/Job/")
    return _job(shop, number) if shop.is_done(number) is not None else None


def _refund_order(refund: Refund, info: Info) -> Any:
    shop: Shop = info.context.shop
    return next(record for record in shop.orders.values() if any(one is refund for one in record.order.refunds))


def _refund_transactions(refund: Refund, info: Info, **page: Any) -> Any:
    record = _refund_order(refund, info)
    number = next(n for n, one in enumerate(record.order.refunds, start=1) if one is refund)
    return connect([t for t in transactions(record) if t["number"] == number], key=lambda t: t["number"], **page)


REFUND_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.job": _find_job,
    "Mutation.orderCancel": _cancel,
    "Mutation.refundCreate": keyed(_refund_create),
    "Order.cancellation": read(lambda o: {"staffNote": o.staff_note} if o.order.cancelled_at else None),
    "Order.refundable": read(lambda o: _refundable(o).presentment > 0),
    "Order.suggestedRefund": _suggest,
    "Refund.order": _refund_order,
    "Refund.transactions": _refund_transactions,
    "SuggestedRefund.amountSet": read(lambda s: s.amount),
    "SuggestedRefund.subtotalSet": read(lambda s: s.subtotal),
    "SuggestedRefund.totalTaxSet": read(lambda s: s.tax),
    "SuggestedRefund.maximumRefundableSet": read(lambda s: _refundable(s.record)),
    "SuggestedRefund.refundLineItems": read(lambda s: s.lines),
    "SuggestedRefund.shipping": read(
        lambda s: {"amountSet": s.shipping, "maximumRefundableSet": s.record.order.shipping_total}
    ),
    "SuggestedRefund.suggestedTransactions": read(_suggested_transactions),
    "Job.query": constant({}),
}
"""Refunds, cancellations and the jobs that do them."""
