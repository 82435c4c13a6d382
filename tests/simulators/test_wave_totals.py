from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aias.simulators.money import CURRENCIES, rounded
from aias.simulators.wave_books import Account, Product, SalesTax
from aias.simulators.wave_invoices import Discount, Item, ItemTax, totals_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SALES = Account(id="a", sequence=1, name="Sales", type="INCOME", subtype="INCOME")
MUG = Product(
    id="p", number=1, name="Mug", description=None, unit_price=Decimal(1), income_account=SALES, expense_account=None,
    default_sales_taxes=[], created_at=NOW, modified_at=NOW,
)  # fmt: skip


def tax(rate: str, *, compound: bool = False) -> SalesTax:
    return SalesTax(
        id=f"t{rate}", number=1, name=rate, abbreviation=rate, rate=Decimal(rate), description=None, tax_number=None,
        show_tax_number_on_invoices=False, is_compound=compound, is_recoverable=False, effective=date(2026, 1, 1),
        created_at=NOW, modified_at=NOW,
    )  # fmt: skip


def item(quantity: str, price: str, *taxes: ItemTax) -> Item:
    return Item(
        product=MUG,
        account=SALES,
        description=None,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        taxes=taxes,
    )


def rate(value: str, *, compound: bool = False) -> ItemTax:
    return ItemTax(sales_tax=tax(value, compound=compound), given=None)


def off(*, amount: str | None = None, percentage: str | None = None) -> Discount:
    return Discount(
        name=None,
        amount=None if amount is None else Decimal(amount),
        percentage=None if percentage is None else Decimal(percentage),
        created_at=NOW,
    )


def summed(items: list[Item], *discounts: Discount, currency: str = "USD") -> tuple[str, str, str, str]:
    totals = totals_of(tuple(items), discounts, currency)
    return str(totals.subtotal), str(totals.discount), str(totals.tax), str(totals.total)


def test_a_line_is_rounded_before_it_is_summed() -> None:
    assert summed([item("3", "0.335"), item("3", "0.335")]) == ("2.02", "0.00", "0.00", "2.02")


def test_a_tax_is_computed_line_by_line() -> None:
    assert summed([item("1", "0.10", rate("0.05")), item("1", "0.10", rate("0.05"))]) == (
        "0.20",
        "0.00",
        "0.02",
        "0.22",
    )


def test_discounts_come_off_before_the_taxes() -> None:
    assert summed([item("3", "9.99", rate("0.13"))], off(percentage="10")) == ("29.97", "3.00", "3.51", "30.48")


def test_discounts_follow_one_another() -> None:
    assert summed([item("1", "100")], off(amount="20"), off(percentage="10")) == ("100.00", "28.00", "0.00", "72.00")


def test_a_compound_tax_counts_the_plain_ones() -> None:
    assert summed([item("1", "100", rate("0.05"), rate("0.10", compound=True))]) == (
        "100.00",
        "0.00",
        "15.50",
        "115.50",
    )


def test_an_amount_that_the_caller_gave_stands() -> None:
    given_tax = ItemTax(sales_tax=tax("0.19"), given=Decimal("1.23"))
    assert summed([item("1", "100", given_tax)], off(amount="50")) == ("100.00", "50.00", "1.23", "51.23")


@pytest.mark.parametrize(("currency", "expected"), [("JPY", "1235"), ("KWD", "1234.568"), ("USD", "1234.57")])
def test_an_invoice_has_the_decimals_of_its_currency(currency: str, expected: str) -> None:
    assert summed([item("1", "1234.5678")], currency=currency)[3] == expected


def test_a_discount_above_the_sum_is_refused() -> None:
    with pytest.raises(ValueError, match=r"10\.01"):
        totals_of((item("1", "10"),), (off(amount="10.01"),), "USD")


prices = st.decimals(min_value=0, max_value=10**6, places=2)
quantities = st.decimals(min_value=0, max_value=1000, places=3)
rates = st.sampled_from(["0", "0.05", "0.09975", "0.19", "1"])
items = st.builds(
    lambda quantity, price, taxes: item(str(quantity), str(price), *[rate(value) for value in taxes]),
    quantities,
    prices,
    st.lists(rates, max_size=3),
)


@given(
    lines=st.lists(items, max_size=12),
    percentage=st.decimals(min_value=0, max_value=100, places=2),
    currency=st.sampled_from(sorted(CURRENCIES)),
)
@settings(max_examples=200, deadline=None)
def test_an_invoice_always_adds_up(lines: list[Item], percentage: Decimal, currency: str) -> None:
    totals = totals_of(tuple(lines), (off(percentage=str(percentage)),), currency)
    assert sum(totals.item_subtotals) == totals.subtotal
    assert sum(amount for line in totals.item_taxes for amount in line) == totals.tax
    assert totals.total == totals.subtotal - totals.discount + totals.tax
    assert 0 <= totals.discount <= totals.subtotal
    for amount in (totals.subtotal, totals.discount, totals.tax, totals.total):
        assert amount == rounded(amount, currency)
        assert -int(amount.as_tuple().exponent) == CURRENCIES[currency].exponent
