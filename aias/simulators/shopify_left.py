"""The checkouts that the first buyers of the local shop have left.

Four of them left one each: three are open, one was completed in the end. How old they are goes by the shop's clock.
Whether a buyer wants to hear from the shop is the customer's ``marketing_state``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aias.simulators.money import MoneyBag, rounded
from aias.simulators.people import CATALOGUE, SHOP_CURRENCY
from aias.simulators.shopify_records import Checkout, CustomerRecord, DraftLine, VariantRecord

__all__ = ["make_checkouts"]

_FIRST_ID = 4_400_000_001
_LEFT = ((26, False), (5, False), (3, True), (2, False))
"""Hours since each was left, and whether it was completed since; the oldest first."""


def make_checkouts(
    customers: Sequence[CustomerRecord], variants: dict[int, VariantRecord], now: datetime
) -> list[Checkout]:
    """The checkouts of a new shop."""
    made: list[Checkout] = []
    for at, (customer, (hours, is_completed)) in enumerate(zip(customers, _LEFT, strict=False)):
        left_at = now - timedelta(hours=hours)
        variant = variants[CATALOGUE[at].variant_id]
        price = rounded(variant.price, SHOP_CURRENCY)
        line = DraftLine(
            id=_FIRST_ID + 100 + at,
            title=variant.product.title,
            sku=variant.sku,
            quantity=at + 1,
            price=MoneyBag(price, SHOP_CURRENCY, price, SHOP_CURRENCY),
            variant=variant,
        )
        made.append(
            Checkout(
                id=_FIRST_ID + at,
                customer=customer,
                lines=(line,),
                created_at=left_at,
                updated_at=left_at,
                completed_at=left_at + timedelta(hours=1) if is_completed else None,
            )
        )
    return made
