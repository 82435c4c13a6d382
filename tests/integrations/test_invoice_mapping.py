from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aias.errors import PermanentError
from aias.integrations.currency import exponent, rounded, smallest_unit
from aias.integrations.shopify.models import Buyer, Discount, Line, Order, Refund, ShippingLine, Tax
from aias.integrations.wave.invoice_mapping import computed_total, invoice_from_order
from aias.integrations.wave.models import InvoiceDraft
from aias.simulators import order as sim
from aias.simulators.money import CURRENCIES
from aias.simulators.orders import make_orders
from aias.simulators.wave_books import Account, Product, SalesTax
from aias.simulators.wave_invoices import Item, ItemTax, totals_of

NOW = datetime(2026, 9, 1, tzinfo=UTC)
SALES = Account(id="1", sequence=1, name="Sales", type="INCOME", subtype="INCOME")
BUYER = Buyer(reference="guest", name="Guest", first_name=None, last_name=None, email=None, phone=None, address=None)


def total_at_wave(draft: InvoiceDraft) -> Decimal:
    """What the local Wave server makes of the draft: its arithmetic, not ours."""
    items = tuple(
        Item(
            product=Product(
                id="1", number=1, name="Sales", description=None, unit_price=Decimal(0), income_account=SALES,
                expense_account=None, default_sales_taxes=[], created_at=NOW, modified_at=NOW,
            ),
            account=SALES,
            description=line.description,
            quantity=line.quantity,
            unit_price=line.unit_price,
            taxes=tuple(
                ItemTax(
                    sales_tax=SalesTax(
                        id="1", number=1, name=tax.name, abbreviation="T", rate=tax.rate, description=None,
                        tax_number=None, show_tax_number_on_invoices=False, is_compound=False, is_recoverable=False,
                        effective=date(2026, 1, 1), created_at=NOW, modified_at=NOW,
                    ),
                    given=None,
                )
                for tax in line.taxes
            ),
        )
        for line in draft.lines
    )  # fmt: skip
    return totals_of(items, (), draft.currency).total


def taxes(lines: Iterable[sim.TaxLine]) -> list[Tax]:
    return [Tax(title=one.title, rate=one.rate, amount=one.price.presentment) for one in lines]


def discounts(allocations: Iterable[sim.DiscountAllocation]) -> list[Discount]:
    return [Discount(title=one.discount.title, amount=one.amount.presentment) for one in allocations]


def read(made: sim.Order) -> Order:
    """The order as ``shopify.order_get`` gives it (that it does is tested with the server)."""
    return an_order(
        name=made.name,
        currency=made.presentment_currency,
        taxes_included=made.taxes_included,
        lines=[
            Line(
                id=str(line.id),
                title=line.name,
                sku=line.sku,
                quantity=line.quantity,
                unit_price=line.unit_price.presentment,
                total=line.original_total.presentment,
                discounts=discounts(line.allocations),
                taxes=taxes(line.tax_lines),
            )
            for line in made.lines
        ],
        shipping_lines=[
            ShippingLine(title=one.title, price=one.price.presentment, discounts=[], taxes=taxes(one.tax_lines))
            for one in made.shipping_lines
        ],
        total=made.total.presentment,
        total_tax=made.tax_total.presentment,
        refunded=made.refunded_total.presentment,
    )


def an_order(**given: Any) -> Order:
    values: dict[str, Any] = {
        "id": "gid://shopify/Order/1", "legacy_id": "1", "name": "#1", "currency": "USD", "shop_currency": "USD",
        "taxes_included": False, "created_at": "2026-09-01T08:00:00Z", "processed_at": "2026-09-01T08:00:00Z",
        "cancelled_at": None, "financial_status": "PAID", "fulfillment_status": None, "email": None, "note": None,
        "tags": [], "discount_codes": [], "lines": [], "shipping_lines": [], "subtotal": 0, "total_discounts": 0,
        "total_shipping": 0, "total_tax": 0, "tip": 0, "total": 0, "refunded": 0, "shop_total": 0, "refunds": [],
        "customer_id": None, "buyer": BUYER, "billing_address": None, "shipping_address": None,
    }  # fmt: skip
    return Order(**{**values, **given})


def a_line(**given: Any) -> Line:
    values: dict[str, Any] = {
        "id": "1", "title": "Thing", "sku": None, "quantity": 1, "unit_price": Decimal("10.00"),
        "total": Decimal("10.00"), "discounts": [], "taxes": [],
    }  # fmt: skip
    return Line(**{**values, **given})


@pytest.mark.parametrize("seed", range(1, 13))
def test_the_invoice_equals_the_order_for_every_order_of_the_local_shop(seed: int) -> None:
    for made in make_orders(150, seed):
        order = read(made)
        draft = invoice_from_order(order)
        assert total_at_wave(draft) == order.total, order.name
        assert computed_total(draft.lines, order.currency) == order.total, order.name
        assert draft.currency == order.currency


@pytest.mark.parametrize("seed", range(1, 5))
def test_taxes_are_those_that_shopify_charged_to_within_their_roundings(seed: int) -> None:
    for made in make_orders(150, seed):
        order = read(made)
        draft = invoice_from_order(order)
        charged = sum(
            rounded(rounded(line.quantity * line.unit_price, order.currency) * tax.rate, order.currency)
            for line in draft.lines
            for tax in line.taxes
        )
        roundings = sum(len(line.taxes) for line in draft.lines)
        unit = smallest_unit(order.currency)
        assert abs(charged - order.total_tax) <= unit * roundings * order.taxes_included, order.name


def test_an_order_with_taxes_on_top_needs_no_correction() -> None:
    for made in make_orders(150, 1):
        order = read(made)
        if not order.taxes_included:
            assert not any(line.product == "Rounding" for line in invoice_from_order(order).lines), order.name


# --- orders that no shop has sold yet -----------------------------------------------------------

RATES = ["0", "0.05", "0.07", "0.0725", "0.09975", "0.1", "0.19", "0.2", "0.25"]


@st.composite
def orders(draw: st.DrawFn) -> Order:
    currency = draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"]))
    included = draw(st.booleans())
    unit = smallest_unit(currency)
    lines: list[Line] = []
    total = Decimal(0)
    for number in range(draw(st.integers(1, 6))):
        quantity = draw(st.integers(1, 999))
        price = draw(st.integers(0, 100_000)) * unit
        amount = price * quantity
        granted = [
            Discount(title=title, amount=rounded(amount * draw(st.integers(0, 50)) / 100, currency))
            for title in draw(st.lists(st.sampled_from(["CODE", "Sommer-Aktion", "値引き"]), max_size=2, unique=True))
        ]
        after = amount - sum((one.amount for one in granted), start=Decimal(0))
        rates = [Decimal(rate) for rate in draw(st.lists(st.sampled_from(RATES), max_size=3, unique=True))]
        whole = 1 + sum(rates) if included else Decimal(1)
        charged = [Tax(title="VAT", rate=rate, amount=rounded(after * rate / whole, currency)) for rate in rates]
        total += after if included else after + sum(tax.amount for tax in charged)
        lines.append(
            a_line(id=str(number), quantity=quantity, unit_price=price, total=amount, discounts=granted, taxes=charged)
        )
    tip = draw(st.integers(0, 5000)) * unit
    return an_order(currency=currency, taxes_included=included, lines=lines, tip=tip, total=total + tip)


@settings(max_examples=300, deadline=None)
@given(orders())
def test_the_invoice_equals_any_order_that_adds_up(order: Order) -> None:
    draft = invoice_from_order(order)
    assert total_at_wave(draft) == order.total
    assert all(-line.unit_price.as_tuple().exponent <= 8 for line in draft.lines)  # pyright: ignore[reportOperatorIssue]


# --- one by one ---------------------------------------------------------------------------------


def test_a_plain_line_keeps_its_quantity_and_price() -> None:
    order = an_order(lines=[a_line(quantity=3, sku="A-1")], total=Decimal("30.00"))
    (line,) = invoice_from_order(order).lines
    assert (line.description, line.quantity, line.unit_price) == ("Thing (A-1)", Decimal(3), Decimal("10.00"))


def test_a_discount_is_taken_off_the_line_and_named() -> None:
    granted = [Discount(title="SUMMER", amount=Decimal("6.00"))]
    order = an_order(lines=[a_line(quantity=3, discounts=granted)], total=Decimal("24.00"))
    (line,) = invoice_from_order(order).lines
    assert (line.quantity, line.unit_price) == (Decimal(3), Decimal("8.00"))
    assert "30.00 USD before discounts: SUMMER -6.00" in line.description


def test_a_line_of_nothing_stays_on_the_invoice() -> None:
    order = an_order(lines=[a_line(unit_price=Decimal(0), total=Decimal(0)), a_line()], total=Decimal("10.00"))
    assert [line.unit_price for line in invoice_from_order(order).lines] == [Decimal(0), Decimal("10.00")]


def test_taxes_are_taken_out_of_prices_that_include_them() -> None:
    tax = Tax(title="MwSt", rate=Decimal("0.19"), amount=Decimal("19.00"))
    order = an_order(
        taxes_included=True, lines=[a_line(unit_price=Decimal("119.00"), taxes=[tax])], total=Decimal("119.00")
    )
    (line,) = invoice_from_order(order).lines
    assert line.unit_price == Decimal("100.00")
    assert [(one.name, one.rate) for one in line.taxes] == [("MwSt 19 %", Decimal("0.19"))]


def test_one_title_with_two_rates_is_two_taxes() -> None:
    def line(rate: str, amount: str) -> Line:
        return a_line(taxes=[Tax(title="MwSt", rate=Decimal(rate), amount=Decimal(amount))])

    order = an_order(lines=[line("0.19", "1.90"), line("0.07", "0.70")], total=Decimal("22.60"))
    names = {tax.name for one in invoice_from_order(order).lines for tax in one.taxes}
    assert names == {"MwSt 19 %", "MwSt 7 %"}


@pytest.mark.parametrize("rate", [None, Decimal("0.5")])
def test_a_tax_that_its_rate_does_not_explain_becomes_a_line(rate: Decimal | None) -> None:
    tax = Tax(title="Levy", rate=rate, amount=Decimal("1.23"))
    order = an_order(lines=[a_line(taxes=[tax])], total=Decimal("11.23"))
    lines = invoice_from_order(order).lines
    assert [(line.product, line.unit_price) for line in lines] == [
        (None, Decimal("10.00")),
        ("Taxes", Decimal("1.23")),
    ]


def test_a_tax_of_nothing_is_not_charged_by_wave_either() -> None:
    tax = Tax(title="Exempt", rate=Decimal("0.2"), amount=Decimal(0))
    order = an_order(lines=[a_line(taxes=[tax])], total=Decimal("10.00"))
    assert invoice_from_order(order).lines[0].taxes == []


def test_charges_that_are_no_line_become_one() -> None:
    order = an_order(lines=[a_line()], total=Decimal("25.00"))
    assert [(line.product, line.unit_price) for line in invoice_from_order(order).lines] == [
        (None, Decimal("10.00")),
        ("Other charges", Decimal("15.00")),
    ]


def test_an_order_that_adds_up_to_more_than_its_total_is_not_billed() -> None:
    with pytest.raises(PermanentError, match=r"#1 adds up to 10\.00 USD, and its total is 5\.00"):
        invoice_from_order(an_order(lines=[a_line()], total=Decimal("5.00")))


def test_refunds_are_named_and_not_deducted() -> None:
    refund = Refund(id="1", created_at=None, amount=Decimal("4.00"), note=None)
    order = an_order(lines=[a_line()], total=Decimal("10.00"), refunded=Decimal("4.00"), refunds=[refund])
    draft = invoice_from_order(order)
    assert draft.expected_total == Decimal("10.00")
    assert "Refunded since: 4.00 USD" in (draft.memo or "")


def test_the_invoice_names_its_order_so_that_it_is_found_again() -> None:
    draft = invoice_from_order(an_order(lines=[a_line()], total=Decimal("10.00")))
    assert (draft.reference, draft.po_number, draft.invoice_date) == ("shopify-order-1", "#1", date(2026, 9, 1))


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_decimals_of_currencies_agree_with_the_local_servers(currency: str) -> None:
    assert exponent(currency) == CURRENCIES[currency].exponent
