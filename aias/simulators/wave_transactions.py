"""Money that moved, booked in the local Wave as double entry.

The anchor is an account that money lies in; the lines say what it was for. Wave does not promise to know an external id
again: the same one twice makes two transactions, unless ``suppresses_duplicates`` is set.

Source: https://developer.waveapps.com/hc/en-us/articles/360057230751-Mutation-Create-Money-Transaction .
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from aias.simulators.money import rounded
from aias.simulators.wave_books import Account
from aias.simulators.wave_input import refuse

if TYPE_CHECKING:
    from aias.simulators.wave_store import Books

__all__ = ["check_transaction"]

_ANCHORS = frozenset({"CASH_AND_BANK", "CREDIT_CARD", "LOANS"})
_DEBIT_TYPES = frozenset({"ASSET", "EXPENSE"})

_T = TypeVar("_T")


def check_transaction(given: dict[str, Any], books: Books) -> None:
    """Nothing, when the lines make up for what the anchor got or gave.

    Raises:
        Refused: something that is not there, an amount without sense, an anchor that holds no money, or two sides that
            differ.
    """
    anchor = given["anchor"]
    if _found(books.accounts, anchor["accountId"], "anchor", "accountId").subtype not in _ANCHORS:
        raise refuse("INVALID", "The anchor is no account that money lies in.", "anchor", "accountId")
    _check_amount(anchor["amount"], books.currency, "anchor", "amount")
    if not given["lineItems"]:
        raise refuse("REQUIRED", "At least one line is required.", "lineItems")
    booked = sum((_booked(line, books, "lineItems", str(at)) for at, line in enumerate(given["lineItems"])), Decimal(0))
    wanted = anchor["amount"] if anchor["direction"] == "DEPOSIT" else -anchor["amount"]
    if booked != wanted:
        raise refuse("INVALID", f"The lines come to {abs(booked)}, the anchor to {anchor['amount']}.", "lineItems")


def _booked(line: dict[str, Any], books: Books, *path: str) -> Decimal:
    """What a line credits, its taxes included; below zero what it debits."""
    account = _found(books.accounts, line["accountId"], *path, "accountId")
    if account.subtype in _ANCHORS:
        raise refuse("UNKNOWN", "This value is invalid. MULTIPLE_POSSIBLE_ANCHORS", *path)
    if line.get("customerId") is not None:
        _found(books.customers, line["customerId"], *path, "customerId")
    _check_amount(line["amount"], books.currency, *path, "amount")
    whole = line["amount"]
    for tax in line.get("taxes") or ():
        rate = _found(books.sales_taxes, tax["salesTaxId"], *path, "taxes", "salesTaxId").rate
        given = tax.get("amount")
        whole += rounded(line["amount"] * rate if given is None else given, books.currency)
    return whole if _is_credit(line["balance"], account) else -whole


def _found(among: dict[str, _T], key: str, *path: str) -> _T:
    if key not in among:
        raise refuse("NOT_FOUND", f"{path[-1].removesuffix('Id').capitalize()} could not be found.", *path)
    return among[key]


def _check_amount(amount: Decimal, currency: str, *path: str) -> None:
    if amount <= 0:
        raise refuse("INVALID", "An amount is above zero; the direction says which way it goes.", *path)
    if rounded(amount, currency) != amount:
        raise refuse("INVALID", f"{amount} has more decimals than {currency}.", *path)


def _is_credit(balance: str, account: Account) -> bool:
    """Whether a line credits its account; discounts go against the grain of their type."""
    if balance in ("CREDIT", "DEBIT"):
        return balance == "CREDIT"
    increases_by_credit = (account.type not in _DEBIT_TYPES) != (account.subtype == "DISCOUNTS")
    return increases_by_credit == (balance == "INCREASE")
