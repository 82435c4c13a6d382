"""What Shopify Payments makes of the local shop's orders: balance transactions, and payouts of a day's each.

An order is charged with a fee of 2.9 % and 0.30, a refund gives no fee back; each day's transactions are paid out two
days later, the latest day's are only scheduled. A payout holds what its transactions come to; a slip makes its net
differ by so much, which no real one should, and which a reconciliation is to find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from aias.simulators.money import rounded
from aias.simulators.people import SHOP_CURRENCY
from aias.simulators.shopify_records import BalanceTransaction, OrderRecord, Payout

__all__ = ["payments_of", "payouts_of"]

_FIRST_ID = 3_300_000_001
_RATE, _FIXED = Decimal("0.029"), Decimal("0.30")
_TRANSIT = timedelta(days=2)


def payments_of(orders: Iterable[OrderRecord]) -> Iterator[BalanceTransaction]:
    """Charges and refunds, order by order."""
    for record in orders:
        if record.order.paid and record.order.total.shop > 0:
            amount = record.order.total.shop
            fee = rounded(amount * _RATE + _FIXED, SHOP_CURRENCY)
            yield BalanceTransaction(
                id=record.order.id,
                type="CHARGE",
                order=record,
                amount=amount,
                fee=fee,
                processed_at=record.order.created_at,
                payout_id=_number(record.order.created_at),
            )
        for refund in record.order.refunds:
            yield BalanceTransaction(
                id=refund.id,
                type="REFUND",
                order=record,
                amount=-refund.total.shop,
                fee=Decimal(0),
                processed_at=refund.created_at,
                payout_id=_number(refund.created_at),
            )


def payouts_of(orders: Iterable[OrderRecord], slips: Mapping[int, Decimal]) -> list[Payout]:
    """The payouts, the oldest first."""
    days: dict[datetime, list[BalanceTransaction]] = {}
    for moved in payments_of(orders):
        days.setdefault(moved.processed_at.replace(hour=0, minute=0, second=0), []).append(moved)
    return [
        Payout(
            id=_number(day),
            issued_at=day + _TRANSIT,
            status="SCHEDULED" if day == max(days) else "PAID",
            transactions=tuple(days[day]),
            slip=slips.get(_number(day), Decimal(0)),
        )
        for day in sorted(days)
    ]


def _number(at: datetime) -> int:
    return _FIRST_ID + at.toordinal()
