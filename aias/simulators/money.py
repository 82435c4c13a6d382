"""Amounts of money to the last minor unit: decimals per currency, and sums in two currencies at once.

Shopify states every amount twice, in the shop's currency and in the buyer's ("presentment"). A :class:`MoneyBag` is
such a pair. Only single prices are converted; everything else is a sum of converted parts, so that both sides of an
order add up by themselves and not merely to within a rounding error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["CURRENCIES", "Currency", "MoneyBag", "allocate", "currency", "rounded", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """A currency of ISO 4217; ``exponent`` is the number of its decimals (0 for the yen, 3 for Kuwait's dinar)."""

    code: str
    name: str
    plural: str
    symbol: str
    exponent: int = 2

    @property
    def unit(self) -> Decimal:
        """The smallest amount: 0.01 for two decimals, 1 for none."""
        return Decimal(1).scaleb(-self.exponent)


CURRENCIES: dict[str, Currency] = {
    code: Currency(code=code, name=name, plural=plural, symbol=symbol, exponent=exponent)
    for code, name, plural, symbol, exponent in (
        ("AUD", "Australian dollar", "Australian dollars", "$", 2),
        ("BHD", "Bahraini dinar", "Bahraini dinars", "BD", 3),
        ("CAD", "Canadian dollar", "Canadian dollars", "$", 2),
        ("CHF", "Swiss franc", "Swiss francs", "CHF", 2),
        ("DKK", "Danish krone", "Danish kroner", "kr", 2),
        ("EUR", "Euro", "Euros", "€", 2),
        ("GBP", "British pound", "British pounds", "£", 2),
        ("INR", "Indian rupee", "Indian rupees", "₹", 2),
        ("JPY", "Japanese yen", "Japanese yen", "¥", 0),
        ("KRW", "South Korean won", "South Korean won", "₩", 0),
        ("KWD", "Kuwaiti dinar", "Kuwaiti dinars", "KD", 3),
        ("MXN", "Mexican peso", "Mexican pesos", "$", 2),
        ("NOK", "Norwegian krone", "Norwegian kroner", "kr", 2),
        ("NZD", "New Zealand dollar", "New Zealand dollars", "$", 2),
        ("PLN", "Polish zloty", "Polish zlotys", "zł", 2),
        ("SEK", "Swedish krona", "Swedish kronor", "kr", 2),
        ("SGD", "Singapore dollar", "Singapore dollars", "$", 2),
        ("TND", "Tunisian dinar", "Tunisian dinars", "DT", 3),
        ("USD", "United States dollar", "United States dollars", "$", 2),
    )
}


def currency(code: str) -> Currency:
    """The currency with this code.

    Raises:
        KeyError: it is not one of :data:`CURRENCIES`.
    """
    return CURRENCIES[code]


def rounded(amount: Decimal, code: str) -> Decimal:
    """The amount with exactly the decimals of its currency, ties away from zero."""
    return amount.quantize(CURRENCIES[code].unit, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class MoneyBag:
    """One amount in the shop's currency and in the buyer's."""

    shop: Decimal
    shop_currency: str
    presentment: Decimal
    presentment_currency: str

    def __add__(self, other: MoneyBag) -> MoneyBag:
        return MoneyBag(
            self.shop + other.shop, self.shop_currency, self.presentment + other.presentment, self.presentment_currency
        )

    def __sub__(self, other: MoneyBag) -> MoneyBag:
        return self + other.times(-1)

    def times(self, count: int) -> MoneyBag:
        """The amount ``count`` times over."""
        return MoneyBag(self.shop * count, self.shop_currency, self.presentment * count, self.presentment_currency)

    def part(self, numerator: Decimal, denominator: Decimal = Decimal(1)) -> MoneyBag:
        """``numerator / denominator`` of the amount, each side rounded to its own minor unit; nothing of nothing."""
        if denominator == 0:
            return self.nothing()
        return MoneyBag(
            rounded(self.shop * numerator / denominator, self.shop_currency),
            self.shop_currency,
            rounded(self.presentment * numerator / denominator, self.presentment_currency),
            self.presentment_currency,
        )

    def nothing(self) -> MoneyBag:
        """Zero in the same two currencies."""
        return MoneyBag(
            rounded(Decimal(0), self.shop_currency),
            self.shop_currency,
            rounded(Decimal(0), self.presentment_currency),
            self.presentment_currency,
        )


def total(parts: Iterable[MoneyBag], zero: MoneyBag) -> MoneyBag:
    """The sum of the parts; ``zero`` says in which currencies when there are none."""
    return sum(parts, start=zero.nothing())


def _allocate(amount: Decimal, weights: Sequence[Decimal], code: str) -> list[Decimal]:
    whole = sum(weights, start=Decimal(0))
    if whole == 0:
        return [rounded(Decimal(0), code) for _ in weights]
    shares: list[Decimal] = []
    given = seen = Decimal(0)
    for weight in weights:
        # Cumulative rounding: what is given so far is the rounded share of what was seen so far, so that the shares
        # add up to the amount exactly and none is further than one minor unit from its ideal.
        seen += weight
        upto = rounded(amount * seen / whole, code)
        shares.append(upto - given)
        given = upto
    return shares


def allocate(amount: MoneyBag, weights: Sequence[MoneyBag]) -> list[MoneyBag]:
    """The amount spread over the weights in proportion; the shares add up to it exactly on both sides."""
    shop = _allocate(amount.shop, [weight.shop for weight in weights], amount.shop_currency)
    presentment = _allocate(amount.presentment, [weight.presentment for weight in weights], amount.presentment_currency)
    return [
        MoneyBag(here, amount.shop_currency, there, amount.presentment_currency)
        for here, there in zip(shop, presentment, strict=True)
    ]
