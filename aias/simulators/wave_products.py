"""What a product of the local Wave is checked for: its accounts and its price."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from aias.simulators.wave_books import Account
from aias.simulators.wave_input import refuse

__all__ = ["product_accounts", "product_price"]

_PRICE = Decimal(1).scaleb(-5)


def product_accounts(given: dict[str, Any], accounts: dict[str, Account]) -> tuple[Account | None, Account | None]:
    """The income and the expense account; sold is what has the one, bought what has the other.

    Raises:
        Refused: an account of another kind, or neither.
    """
    found: list[Account | None] = []
    for name, kind in (("incomeAccountId", "INCOME"), ("expenseAccountId", "EXPENSE")):
        account = accounts.get(given.get(name) or "")
        if given.get(name) and account is None:
            raise refuse("NOT_FOUND", f"{name.removesuffix('Id').capitalize()} could not be found.", name)
        if account is not None and account.type != kind:
            raise refuse("INVALID", f"{account.name} is no {kind.lower()} account.", name)
        found.append(account)
    income, expense = found
    if income is None and expense is None:
        raise refuse("REQUIRED", "An income or an expense account is required.", "incomeAccountId")
    return income, expense


def product_price(given: Decimal | None) -> Decimal:
    """The price to five decimals, ties away from zero, as Wave's schema says."""
    return (given or Decimal(0)).quantize(_PRICE, rounding=ROUND_HALF_UP).normalize() + 0
