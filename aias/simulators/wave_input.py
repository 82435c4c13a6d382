"""What callers hand to Wave's mutations, checked: the input errors that a refused payload carries."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from aias.simulators.journal import as_object
from aias.simulators.wave_books import Address
from aias.simulators.wave_invoices import Discount

__all__ = ["EMAIL", "TEXTS", "Refused", "address", "check_customer", "discount", "refuse", "shipping"]

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
TEXTS = (
    "firstName",
    "lastName",
    "email",
    "mobile",
    "phone",
    "fax",
    "tollFree",
    "website",
    "displayId",
    "internalNotes",
)
"""A customer's plain text fields."""

_COUNTRY = re.compile(r"[A-Z]{2}")
_PROVINCE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


class Refused(Exception):
    """A mutation was not done; ``errors`` are the input errors of its payload."""

    def __init__(self, *errors: dict[str, Any]) -> None:
        super().__init__("; ".join(str(error["message"]) for error in errors))
        self.errors = list(errors)


def refuse(code: str, message: str, *path: str) -> Refused:
    """One input error at this place of the input."""
    return Refused({"code": code, "message": message, "path": ["input", *path]})


def check_customer(given: dict[str, Any]) -> None:
    """Nothing, when a customer can be made of this.

    Raises:
        Refused: no name, no e-mail address, or a place that there is not.
    """
    if not (given["name"] or "").strip():
        raise refuse("REQUIRED", "Name can't be blank.", "name")
    if given.get("email") and not EMAIL.fullmatch(given["email"]):
        raise refuse("INVALID", "Enter a valid email address.", "email")
    _check_place(given.get("address"), "address")
    _check_place((as_object(given.get("shippingDetails")) or {}).get("address"), "shippingDetails", "address")


def _check_place(place: dict[str, Any] | None, *path: str) -> None:
    country = (place or {}).get("countryCode")
    province = (place or {}).get("provinceCode")
    if country and not _COUNTRY.fullmatch(country):
        raise refuse("INVALID", f"{country!r} is no ISO 3166-1 country code.", *path, "countryCode")
    if not province:
        return
    if not _PROVINCE.fullmatch(province):
        raise refuse("INVALID", f"{province!r} is no ISO 3166-2 code, like US-CA.", *path, "provinceCode")
    if province[:2] != country:
        raise refuse("INVALID", f"{province} is not in {country or 'no country'}.", *path, "provinceCode")


def address(given: dict[str, Any] | None) -> Address | None:
    """The address that was given."""
    if given is None:
        return None
    return Address(
        address_line1=given.get("addressLine1"),
        address_line2=given.get("addressLine2"),
        city=given.get("city"),
        province_code=given.get("provinceCode"),
        country_code=given.get("countryCode"),
        postal_code=given.get("postalCode"),
    )


def shipping(given: dict[str, Any] | None) -> dict[str, Any] | None:
    """The shipping details that were given."""
    if given is None:
        return None
    texts = {name: given.get(name) for name in ("name", "phone", "instructions")}
    return {**texts, "address": address(given.get("address"))}


def discount(given: dict[str, Any], at: int, now: datetime) -> Discount:
    """The discount number ``at`` of an invoice.

    Raises:
        Refused: its type and its figures do not go together, or are out of range.
    """
    wanted, other = ("amount", "percentage") if given["discountType"] == "FIXED" else ("percentage", "amount")
    value = given.get(wanted)
    path = ("discounts", str(at))
    if value is None or given.get(other) is not None:
        raise refuse("INVALID", f"A {given['discountType']} discount has {wanted} and no {other}.", *path, wanted)
    if value < 0 or (wanted == "percentage" and value > 100):  # noqa: PLR2004 - per cent
        raise refuse("INVALID", f"{wanted.capitalize()} is out of range.", *path, wanted)
    return Discount(
        name=given.get("name"), amount=given.get("amount"), percentage=given.get("percentage"), created_at=now
    )
