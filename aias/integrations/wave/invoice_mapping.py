"""From a Shopify order to a Wave invoice, equal to the last minor unit. Pure.

The rules:

- The invoice is in the order's currency (``Order.currency``) and bills the order **as it was placed**. Refunds do not
  change it: the memo names them, and they are credited in Wave as what they are, a payment back. (Billing what is left
  would make the amount depend on when the workflow ran.)
- Every line becomes a line at its price **after** discounts, because only then are its taxes those that Shopify
  charged; the description says what was taken off, and why. Wave's own invoice-wide discount would spread differently
  over rates and over shipping.
- Wave knows no prices with taxes included: they are taken out, line by line, as Shopify took them.
- A tax is a Wave sales tax of its title and rate, computed by Wave. A tax without a rate, or whose amount does not
  follow from its rate, becomes a line of its own with Shopify's amount.
- A unit price is a decimal of up to 8 places, which is what Wave keeps; a line whose amount no such price gives becomes
  one unit.
- Shipping, tips and what else Shopify counts into the total (duties, fees) become lines.
- What rounding leaves between Wave's arithmetic (each line, and each tax of it, rounded half away from zero) and the
  order's total becomes a line "Rounding".

Sources: https://shopify.dev/docs/api/admin-graphql/latest/objects/Order ,
https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference (InvoiceCreateItemInput).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from aias.errors import PermanentError
from aias.integrations.currency import rounded, smallest_unit
from aias.integrations.shopify.models import Discount, Order, Tax
from aias.integrations.wave.models import InvoiceDraft, InvoiceLine, InvoiceTax

__all__ = ["ROUNDING", "computed_total", "invoice_from_order", "order_reference", "rounding_line"]

SHIPPING = "Shipping"
TIPS = "Tips"
TAXES = "Taxes"
CHARGES = "Other charges"
ROUNDING = "Rounding"

_UNIT_PRICE = Decimal("1e-8")
_LONGEST_DESCRIPTION = 2000


def order_reference(order: Order) -> str:
    """Our reference for the invoice of an order: one invoice per order, whichever execution makes it."""
    return f"shopify-order-{order.legacy_id}"


def invoice_from_order(order: Order, *, shop_name: str = "Shopify") -> InvoiceDraft:
    """Give the invoice of an order.

    Raises:
        PermanentError: the order's parts come to more than its total; nothing sensible can be billed.
    """
    lines: list[InvoiceLine] = []
    for line in order.lines:
        title = f"{line.title} ({line.sku})" if line.sku else line.title
        lines += _entry(order, None, title, line.quantity, line.unit_price, line.discounts, line.taxes)
    for shipping in order.shipping_lines:
        lines += _entry(order, SHIPPING, shipping.title, 1, shipping.price, shipping.discounts, shipping.taxes)
    if order.tip:
        lines.append(InvoiceLine(description="Tip", product=TIPS, unit_price=order.tip))
    lines += _difference(order, lines)
    day = date.fromisoformat(order.processed_at[:10])
    return InvoiceDraft(
        currency=order.currency,
        lines=lines or [InvoiceLine(description="Nothing", unit_price=Decimal(0))],
        reference=order_reference(order),
        po_number=order.name,
        memo=_memo(order, shop_name),
        invoice_date=day,
        due_date=day,
        expected_total=order.total,
    )


def computed_total(lines: Iterable[InvoiceLine], currency: str) -> Decimal:
    """What Wave makes of the lines: each rounded, and each tax of each line rounded."""
    total = Decimal(0)
    for line in lines:
        amount = rounded(line.quantity * line.unit_price, currency)
        total += amount + sum((rounded(amount * tax.rate, currency) for tax in line.taxes), start=Decimal(0))
    return total


def rounding_line(amount: Decimal) -> InvoiceLine:
    """Give the line that brings an invoice to its order's total."""
    return InvoiceLine(description="Rounding difference", product=ROUNDING, unit_price=amount)


def _entry(
    order: Order,
    product: str | None,
    title: str,
    quantity: int,
    unit_price: Decimal,
    discounts: Sequence[Discount],
    taxes: Sequence[Tax],
) -> list[InvoiceLine]:
    """One line of the order as lines of the invoice: itself, and the taxes that no rate explains."""
    currency = order.currency
    amount = unit_price * quantity - sum((one.amount for one in discounts), start=Decimal(0))
    if order.taxes_included:
        amount -= sum((tax.amount for tax in taxes), start=Decimal(0))
    kept: list[InvoiceTax] = []
    odd: list[InvoiceLine] = []
    for tax in taxes:
        if not tax.amount:
            continue  # nothing was charged, whatever the rate: Wave must not charge it either
        if tax.rate is not None and 0 < tax.rate <= 1 and _follows(tax, amount, quantity, currency):
            kept.append(InvoiceTax(name=_tax_name(tax), rate=tax.rate))
        else:
            odd.append(
                InvoiceLine(
                    description=f"{tax.title}: {title}"[:_LONGEST_DESCRIPTION], product=TAXES, unit_price=tax.amount
                )
            )
    units, price = _priced(amount, quantity, currency)
    description = _description(title, quantity, unit_price, discounts, units, currency)
    return [
        InvoiceLine(description=description, product=product, quantity=units, unit_price=price, taxes=kept),
        *odd,
    ]


def _follows(tax: Tax, amount: Decimal, quantity: int, currency: str) -> bool:
    """Whether the tax is its rate of the amount, give or take the rounding of each unit."""
    if tax.rate is None:
        return False
    return abs(amount * tax.rate - tax.amount) <= smallest_unit(currency) * max(2, quantity)


def _tax_name(tax: Tax) -> str:
    """Title and rate: the same title may go with several rates, and Wave shows taxes by name."""
    if tax.rate is None or "%" in tax.title:
        return tax.title[:100]
    per_cent = format((tax.rate * 100).normalize(), "f")
    return f"{tax.title[:80]} {per_cent} %"


def _priced(amount: Decimal, quantity: int, currency: str) -> tuple[Decimal, Decimal]:
    """Give quantity and unit price that come to the amount, after rounding."""
    if quantity > 0:
        price = (amount / quantity).quantize(_UNIT_PRICE, rounding=ROUND_HALF_UP)
        if rounded(price * quantity, currency) == amount:
            # 5.00000000 is 5.00
            return Decimal(quantity), _shortened(price, currency)
    return Decimal(1), amount


def _shortened(price: Decimal, currency: str) -> Decimal:
    short = rounded(price, currency)
    return short if short == price else price.normalize()


def _description(
    title: str,
    quantity: int,
    unit_price: Decimal,
    discounts: Sequence[Discount],
    units: Decimal,
    currency: str,
) -> str:
    parts = [title if units == quantity else f"{quantity} x {title}"]
    taken = [one for one in discounts if one.amount]
    if taken:
        price = rounded(unit_price * quantity, currency)
        reasons = ", ".join(f"{one.title} -{rounded(one.amount, currency)}" for one in taken)
        parts.append(f"({price} {currency} before discounts: {reasons})")
    return " ".join(parts)[:_LONGEST_DESCRIPTION]


def _difference(order: Order, lines: Sequence[InvoiceLine]) -> list[InvoiceLine]:
    """Give the line for what is left between the lines and the order's total, if anything is."""
    left = order.total - computed_total(lines, order.currency)
    if not left:
        return []
    roundings = 2 + sum(1 + len(line.taxes) for line in lines)
    if abs(left) <= smallest_unit(order.currency) * roundings:
        return [rounding_line(left)]
    if left < 0:
        raise PermanentError(
            f"order {order.name} adds up to {order.total - left} {order.currency}, and its total is {order.total}"
        )
    return [InvoiceLine(description="Duties, fees and other charges", product=CHARGES, unit_price=left)]


def _memo(order: Order, shop_name: str) -> str:
    parts = [f"{shop_name} order {order.name}"]
    if order.discount_codes:
        parts.append(f"Discounts: {', '.join(order.discount_codes)} (-{order.total_discounts} {order.currency})")
    if order.refunded:
        parts.append(f"Refunded since: {order.refunded} {order.currency}")
    return "\n".join(parts)[:4000]
