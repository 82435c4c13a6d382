"""Orders made from a seed: the same seed gives the same orders, and order *n* is the same however many are made.

The first :data:`PLAIN` orders are plain (US dollars, one tax, no discount, a customer with an e-mail address, shipped,
paid), so that a test can attach a fault to a known one. Orders 6 to 25 show one oddity each, listed in
:data:`SHOWCASE`; whatever comes later is a random mixture, including unpaid and cancelled orders. The 20th order has
:data:`MANY_LINES` lines. All of the first 25 were paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from aias.simulators.money import MoneyBag, allocate, rounded, total
from aias.simulators.order import (
    Customer,
    Discount,
    DiscountAllocation,
    LineItem,
    Order,
    Product,
    Refund,
    RefundLine,
    ShippingLine,
    TaxLine,
)
from aias.simulators.people import CATALOGUE, GIFT, REGIONS, SHOP_CURRENCY, Region, address, customer

__all__ = ["MANY_LINES", "PLAIN", "SHOWCASE", "Plan", "make_order", "make_orders"]

PLAIN = 5
MANY_LINES = 250
_FIRST_ID = 5_500_000_001
_FIRST_NUMBER = 1001
_SECOND_ORDERS = {3: 0, 14: 1, 20: 4}  # the 4th order is by the buyer of the first, and so on
_FIRST_TIME = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is odd about an order. The defaults are a plain one."""

    region: str = "us"
    lines: int = 2
    order_discount: Discount | None = None
    line_discount: Discount | None = None
    refunds: int = 0
    refund_all: bool = False
    guest: bool = False
    without_email: bool = False
    gift: bool = False
    shipping: str | None = "7.95"
    paid: bool = True
    cancelled: bool = False


def _percent(percentage: str, kind: str, title: str, *, across: bool) -> Discount:
    return Discount(index=0, kind=kind, title=title, across=across, percentage=Decimal(percentage))


def _fixed(amount: str, kind: str, title: str, *, across: bool) -> Discount:
    return Discount(index=0, kind=kind, title=title, across=across, amount=Decimal(amount))


_TENTH = _percent("10", "code", "TESTTENTH", across=True)
_SUMMER = _percent("15", "automatic", "Sommer-Aktion", across=False)

SHOWCASE: tuple[Plan, ...] = (
    Plan(region="japan", lines=3),
    Plan(region="germany", lines=3),
    Plan(region="quebec", lines=3),
    Plan(order_discount=_TENTH, lines=3),
    Plan(line_discount=_percent("15", "automatic", "Summer sale", across=False), lines=4),
    Plan(guest=True),
    Plan(without_email=True),
    Plan(region="kuwait", lines=3),
    Plan(gift=True),
    Plan(refunds=1, lines=3),
    Plan(region="us-two", order_discount=_percent("100", "code", "EVERYTHINGFREE", across=True), shipping=None),
    Plan(region="germany", order_discount=_fixed("5.00", "code", "FÜNFWENIGER", across=True), line_discount=_SUMMER),
    Plan(region="britain", refunds=2, lines=4),
    Plan(region="korea", order_discount=_fixed("3.50", "manual", "Courtesy", across=True), lines=3),
    Plan(lines=MANY_LINES, order_discount=_TENTH),
    Plan(shipping="0.00", lines=1),
    Plan(region="bahrain", lines=3, order_discount=_TENTH),
    Plan(region="india", lines=5, line_discount=_fixed("2.00", "automatic", "Bundle", across=False)),
    Plan(region="us-two", lines=6, shipping=None),
    Plan(refunds=1, refund_all=True),
)
"""The oddities of orders 6 to 25, in order."""


def _random_plan(random: Random) -> Plan:
    plan = Plan(region=random.choice(list(REGIONS)), lines=random.randint(1, 8))
    if random.random() < 0.3:  # noqa: PLR2004 - shares of all orders, here and below
        plan = replace(plan, order_discount=random.choice([_TENTH, _fixed("4.20", "code", "LESS420", across=True)]))
    if random.random() < 0.2:  # noqa: PLR2004
        plan = replace(plan, line_discount=_SUMMER)
    if random.random() < 0.15:  # noqa: PLR2004
        plan = replace(plan, refunds=random.randint(1, 2), refund_all=random.random() < 0.3)  # noqa: PLR2004
    elif random.random() < 0.1:  # noqa: PLR2004
        plan = replace(plan, paid=False, cancelled=random.random() < 0.5)  # noqa: PLR2004
    return replace(
        plan,
        guest=random.random() < 0.1,  # noqa: PLR2004
        without_email=random.random() < 0.05,  # noqa: PLR2004
        gift=random.random() < 0.15,  # noqa: PLR2004
        shipping=random.choice(["7.95", "7.95", "4.99", "0.00", None]),
    )


def _plan(index: int, random: Random) -> Plan:
    if index < PLAIN:
        return Plan(lines=1 + index % 3)
    if index < PLAIN + len(SHOWCASE):
        return SHOWCASE[index - PLAIN]
    return _random_plan(random)


def _bag(price: Decimal, region: Region) -> MoneyBag:
    """A price of the shop, in both currencies."""
    return MoneyBag(
        rounded(price, SHOP_CURRENCY), SHOP_CURRENCY, rounded(price * region.rate, region.currency), region.currency
    )


def _products(plan: Plan, random: Random) -> list[Product]:
    # No product twice in an ordinary order; 250 lines must repeat some.
    few = plan.lines <= len(CATALOGUE)
    picked = random.sample(CATALOGUE, plan.lines) if few else random.choices(CATALOGUE, k=plan.lines)
    return [*picked, GIFT] if plan.gift else picked


def _spread(discount: Discount, bases: Sequence[MoneyBag], region: Region) -> list[MoneyBag]:
    """What the discount takes from each of the lines, never more than is there."""
    base = total(bases, bases[0])
    if discount.percentage is not None:
        return allocate(base.part(discount.percentage, Decimal(100)), bases)
    wanted = _bag(discount.amount or Decimal(0), region)
    least = MoneyBag(
        min(wanted.shop, base.shop), base.shop_currency, min(wanted.presentment, base.presentment), region.currency
    )
    return allocate(least, bases)


def _taxes(amount: MoneyBag, rates: Sequence[tuple[str, Decimal]], *, included: bool) -> tuple[TaxLine, ...]:
    """The taxes on an amount; with included taxes the amount contains them already."""
    whole = 1 + sum((rate for _, rate in rates), start=Decimal(0)) if included else Decimal(1)
    return tuple(TaxLine(title=title, rate=rate, price=amount.part(rate, whole)) for title, rate in rates)


def _discounts(plan: Plan, region: Region) -> tuple[Discount, ...]:
    """The order's discount applications, numbered: those of lines first, as the checkout grants them."""
    granted = [d for d in (plan.line_discount, plan.order_discount) if d is not None]
    return tuple(
        replace(
            discount,
            index=index,
            amount=None if discount.amount is None else rounded(discount.amount * region.rate, region.currency),
            currency=region.currency,
        )
        for index, discount in enumerate(granted)
    )


def _lines(order_id: int, plan: Plan, region: Region, random: Random) -> tuple[LineItem, ...]:
    lines = [
        LineItem(
            id=14_000_000_000_000 + (order_id - _FIRST_ID) * 1000 + number,
            product=product,
            title=product.title,
            variant_title=product.variant_title,
            sku=product.sku,
            vendor=product.vendor,
            quantity=1 if product is GIFT else random.choice([1, 1, 2, 3, 7]),
            unit_price=_bag(product.price, region),
            allocations=(),
            tax_lines=(),
            requires_shipping=product.requires_shipping,
        )
        for number, product in enumerate(_products(plan, random), start=1)
    ]
    granted = [d for d in (plan.line_discount, plan.order_discount) if d is not None]
    for discount, stated in zip(granted, _discounts(plan, region), strict=True):
        # A line discount is granted to every other line, one of the order to all that cost something.
        entitled = [
            i for i, line in enumerate(lines) if line.final_total.presentment and (discount.across or not i % 2)
        ]
        if not entitled:
            continue
        shares = _spread(discount, [lines[i].final_total for i in entitled], region)
        for i, share in zip(entitled, shares, strict=True):
            allocation = DiscountAllocation(discount=stated, amount=share)
            lines[i] = replace(lines[i], allocations=(*lines[i].allocations, allocation))
    return tuple(
        replace(
            line,
            tax_lines=_taxes(
                line.final_total,
                region.reduced_taxes if region.reduced_taxes and number % 3 == 2 else region.taxes,  # noqa: PLR2004
                included=region.taxes_included,
            ),
        )
        for number, line in enumerate(lines)
    )


def _shipping(order_id: int, plan: Plan, region: Region) -> tuple[ShippingLine, ...]:
    if plan.shipping is None:
        return ()
    price = _bag(Decimal(plan.shipping), region)
    return (
        ShippingLine(
            id=4_000_000_000 + order_id - _FIRST_ID,
            title="Standard" if price.shop else "Free Shipping",
            code="standard" if price.shop else "free",
            price=price,
            tax_lines=_taxes(price, region.taxes, included=region.taxes_included),
        ),
    )


def _refund_line(refund_id: int, line: LineItem, quantity: int) -> RefundLine:
    share = (Decimal(quantity), Decimal(line.quantity))
    tax = total((tax.price.part(*share) for tax in line.tax_lines), line.unit_price)
    return RefundLine(
        id=refund_id * 1000 + line.id % 1000,
        line=line,
        quantity=quantity,
        subtotal=line.final_total.part(*share),
        tax=tax,
    )


def _refunds(order: Order, plan: Plan) -> tuple[Refund, ...]:
    """The planned number of refunds, each of other lines; ``refund_all`` gives everything back in the last one."""
    refunds: list[Refund] = []
    count = min(plan.refunds, len(order.lines))
    for number in range(count):
        refund_id = 3_000_000_000 + (order.id - _FIRST_ID) * 10 + number
        everything = plan.refund_all and number == count - 1
        chosen = order.lines[number:] if everything else order.lines[number : number + 1]
        lines = tuple(_refund_line(refund_id, x, x.quantity if everything else 1) for x in chosen)
        amount = total((x.subtotal for x in lines), order.zero)
        if not order.taxes_included:
            amount += total((x.tax for x in lines), order.zero)
        if everything:
            amount = order.total - total((refund.total for refund in refunds), order.zero)
        refunds.append(
            Refund(
                id=refund_id,
                created_at=order.created_at + timedelta(days=3 + number),
                note="Did not fit" if number else None,
                lines=lines,
                total=amount,
            )
        )
    return tuple(refunds)


def _buyer(index: int, plan: Plan, region: Region) -> Customer | None:
    if plan.guest:
        return None
    buyer = customer(_SECOND_ORDERS.get(index, index), region)
    home = buyer.default_address
    return replace(buyer, email=None, phone=home.phone if home else None) if plan.without_email else buyer


def make_order(index: int, seed: int = 1) -> Order:
    """Order number ``index`` (from 0) of this seed."""
    random = Random(f"{seed}:{index}")  # noqa: S311 - test data
    plan = _plan(index, random)
    region = REGIONS[plan.region]
    order_id = _FIRST_ID + index
    created_at = _FIRST_TIME + timedelta(minutes=37 * index)
    buyer = _buyer(index, plan, region)
    home = (buyer.default_address if buyer else None) or address(index, region)
    order = Order(
        id=order_id,
        number=_FIRST_NUMBER + index,
        email=buyer.email if buyer else (None if plan.without_email else f"guest{index:03d}@example.com"),
        phone=home.phone if buyer is None or buyer.email is None else None,
        note="Bitte klingeln: 2. Stock\n\tDanke!" if index % 6 == 5 else None,  # noqa: PLR2004
        tags=("repeat",) if index % 8 == 7 else (),  # noqa: PLR2004
        created_at=created_at,
        cancelled_at=created_at + timedelta(days=1) if plan.cancelled else None,
        paid=plan.paid,
        currency=SHOP_CURRENCY,
        presentment_currency=region.currency,
        taxes_included=region.taxes_included,
        customer=buyer,
        billing_address=home,
        shipping_address=home if plan.shipping is not None else None,
        lines=_lines(order_id, plan, region, random),
        shipping_lines=_shipping(order_id, plan, region),
        discounts=_discounts(plan, region),
        refunds=(),
    )
    return replace(order, refunds=_refunds(order, plan))


def make_orders(count: int, seed: int = 1) -> list[Order]:
    """The first ``count`` orders of this seed, oldest first.

    Raises:
        ValueError: ``count`` is negative.
    """
    if count < 0:
        raise ValueError(f"the number of orders is {count}: it must be 0 or more")
    return [make_order(index, seed) for index in range(count)]
