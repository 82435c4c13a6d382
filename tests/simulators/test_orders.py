from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aias.simulators.money import CURRENCIES, MoneyBag, allocate, total
from aias.simulators.order import LineItem, Order
from aias.simulators.orders import MANY_LINES, PLAIN, SHOWCASE, make_order, make_orders

seeds = st.integers(min_value=0, max_value=2**32)
indexes = st.integers(min_value=0, max_value=400)
orders = st.builds(make_order, indexes, seeds)


def sides(bag: MoneyBag) -> tuple[Decimal, Decimal]:
    return bag.shop, bag.presentment


def summed(bags: list[MoneyBag], order: Order) -> tuple[Decimal, Decimal]:
    return sides(total(bags, order.zero))


@given(index=indexes, seed=seeds)
@settings(max_examples=60, deadline=None)
def test_the_same_seed_gives_the_same_order_however_many_are_made(index: int, seed: int) -> None:
    made = make_order(index, seed)
    assert made == make_order(index, seed)
    if index < 30:
        assert make_orders(index + 1, seed)[index] == made


def test_another_seed_gives_other_orders() -> None:
    assert make_orders(25, seed=1) != make_orders(25, seed=2)


@given(orders)
@settings(max_examples=150, deadline=None)
def test_an_order_adds_up_in_both_currencies(order: Order) -> None:
    lines = [line.original_total for line in order.lines]
    discounts = [line.all_discounts for line in order.lines]
    assert sides(order.subtotal) == sides(total(lines, order.zero) - total(discounts, order.zero))
    assert sides(order.discount_total) == summed(discounts, order)
    assert sides(order.shipping_total) == summed([line.price for line in order.shipping_lines], order)
    taxes = [t.price for holder in (*order.lines, *order.shipping_lines) for t in holder.tax_lines]
    assert sides(order.tax_total) == summed(taxes, order)
    expected = order.subtotal + order.shipping_total
    if not order.taxes_included:
        expected += order.tax_total
    assert sides(order.total) == sides(expected)


@given(orders)
@settings(max_examples=100, deadline=None)
def test_every_amount_has_the_decimals_of_its_currency(order: Order) -> None:
    bags = [order.total, order.subtotal, order.tax_total, order.discount_total, order.refunded_total]
    bags += [line.unit_price for line in order.lines] + [a.amount for line in order.lines for a in line.allocations]
    for bag in bags:
        assert -int(bag.shop.as_tuple().exponent) == CURRENCIES[bag.shop_currency].exponent
        assert -int(bag.presentment.as_tuple().exponent) == CURRENCIES[bag.presentment_currency].exponent


def near(tax: Decimal, ideal: Decimal, code: str) -> bool:
    return abs(tax - ideal) <= CURRENCIES[code].unit / 2


@given(orders)
@settings(max_examples=100, deadline=None)
def test_a_tax_is_its_rate_of_the_discounted_line(order: Order) -> None:
    for line in order.lines:
        rates = sum((tax.rate for tax in line.tax_lines), start=Decimal(0))
        base = line.final_total.presentment / (1 + rates if order.taxes_included else 1)
        for tax in line.tax_lines:
            assert near(tax.price.presentment, base * tax.rate, order.presentment_currency)


@given(orders)
@settings(max_examples=100, deadline=None)
def test_nothing_is_discounted_or_refunded_below_zero(order: Order) -> None:
    for line in order.lines:
        assert min(sides(line.final_total)) >= 0
    assert min(sides(order.total - order.refunded_total)) >= 0
    for refund in order.refunds:
        for part in refund.lines:
            assert 1 <= part.quantity <= part.line.quantity


@given(orders)
@settings(max_examples=100, deadline=None)
def test_a_percentage_is_taken_from_what_was_there(order: Order) -> None:
    for discount in order.discounts:
        granted = [a.amount for line in order.lines for a in line.allocations if a.discount.index == discount.index]
        if discount.percentage is None or not discount.across or not granted:
            continue
        before = total((line.discounted_total for line in order.lines), order.zero)
        assert sides(total(granted, order.zero)) == sides(before.part(discount.percentage, Decimal(100)))


def test_the_first_orders_are_plain() -> None:
    for order in make_orders(PLAIN):
        assert (order.currency, order.presentment_currency, order.taxes_included) == ("USD", "USD", False)
        assert order.financial_status == "PAID"
        assert order.email == order.customer.email if order.customer else False
        assert not order.discounts
        assert not order.refunds
        assert len(order.tax_lines) == 1
        assert order.shipping_address is not None
        assert order.total.shop > 0


def test_the_first_twenty_five_show_every_oddity_and_were_all_paid() -> None:
    made = make_orders(PLAIN + len(SHOWCASE))
    assert len(made) == 25
    assert {"USD", "EUR", "JPY", "KWD", "KRW", "BHD", "CAD", "GBP", "INR"} == {o.presentment_currency for o in made}
    assert {True, False} == {o.taxes_included for o in made}
    assert any(len(o.tax_lines) > 1 for o in made)
    assert any(a.discount.across for o in made for line in o.lines for a in line.allocations)
    assert any(not a.discount.across for o in made for line in o.lines for a in line.allocations)
    assert any(o.customer is None for o in made)
    assert any(o.email is None for o in made)
    assert any(line.unit_price.shop == 0 for o in made for line in o.lines)
    assert any(o.total.shop == 0 for o in made)
    assert any(not o.shipping_lines for o in made)
    assert any(not str(o.customer.display_name).isascii() for o in made if o.customer)
    assert {"PAID", "PARTIALLY_REFUNDED", "REFUNDED"} == {o.financial_status for o in made}
    assert [o.name for o in made if len(o.lines) >= MANY_LINES] == ["#1020"]


def test_some_buyers_order_twice() -> None:
    made = make_orders(25)
    assert made[3].customer == made[0].customer
    emails = [o.email for o in made if o.email]
    assert len(set(emails)) < len(emails)


def test_unpaid_and_cancelled_orders_come_later() -> None:
    statuses = {order.financial_status for order in make_orders(300)}
    assert {"PENDING", "VOIDED"} <= statuses


def test_ids_are_unique_and_exact_in_any_json_reader() -> None:
    made = make_orders(100)
    lines: list[LineItem] = [line for order in made for line in order.lines]
    for ids in ([o.id for o in made], [line.id for line in lines], [r.id for o in made for r in o.refunds]):
        assert len(set(ids)) == len(ids)
        assert max(ids) < 2**53


def test_a_negative_number_of_orders_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        make_orders(-1)


amounts = st.integers(min_value=0, max_value=10**9).map(lambda n: Decimal(n).scaleb(-2))


@given(amount=amounts, weights=st.lists(amounts, min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_shares_add_up_exactly_and_none_is_a_cent_off(amount: Decimal, weights: list[Decimal]) -> None:
    def bag(value: Decimal) -> MoneyBag:
        return MoneyBag(value, "USD", value, "USD")

    shares = [share.shop for share in allocate(bag(amount), [bag(weight) for weight in weights])]
    whole = sum(weights)
    assert sum(shares) == (amount if whole else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - (amount * weight / whole if whole else 0)) < Decimal("0.0101")
