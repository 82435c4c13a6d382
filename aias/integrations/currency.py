"""Decimals of currencies, and rounding to them.

Source: ISO 4217, list one (the exceptions from two decimals).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

__all__ = ["exponent", "rounded", "smallest_unit"]

_DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def exponent(currency: str) -> int:
    """How many decimals the currency has: 2, unless ISO 4217 says otherwise."""
    return _DECIMALS.get(currency, 2)


def smallest_unit(currency: str) -> Decimal:
    """The smallest amount: 0.01 for two decimals, 1 for none."""
    return Decimal(1).scaleb(-exponent(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount to the decimals of its currency, ties away from zero."""
    return amount.quantize(smallest_unit(currency), rounding=ROUND_HALF_UP)
