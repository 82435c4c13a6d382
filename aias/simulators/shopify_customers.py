"""Customers as the local shop keeps them: ``customerUpdate``, and ``customerSet``, which finds or makes one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from aias.simulators.graph import Info, Resolver
from aias.simulators.order import Address, Customer
from aias.simulators.shopify_context import find, one, user_error
from aias.simulators.shopify_records import CustomerRecord
from aias.simulators.shopify_store import Shop

__all__ = ["CUSTOMER_RESOLVERS", "EMAIL"]

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
"""What an e-mail address looks like, roughly."""

_NAMES = (("firstName", "first_name"), ("lastName", "last_name"), ("email", "email"), ("phone", "phone"))
_KEYS = {"email": "email", "phone": "phone"}


def _update(_source: Any, info: Info, input: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    record = find(shop, input["id"]) if input.get("id") else None
    if not isinstance(record, CustomerRecord):
        return {"customer": None, "userErrors": [user_error("Customer does not exist", "id")]}
    problem = _taken_or_bad(shop, input, record)
    if problem is not None:
        return {"customer": None, "userErrors": [user_error(problem[0], problem[1])]}
    _fill(shop, record, input)
    shop.touch(record)
    return {"customer": record, "userErrors": []}


def _taken_or_bad(shop: Shop, given: dict[str, Any], record: CustomerRecord | None) -> tuple[str, str, str] | None:
    """What is wrong with the keys of a customer: the message, the field and the code."""
    email = given.get("email")
    if email and not EMAIL.fullmatch(email):
        return "Email is invalid", "email", "INVALID"
    for theirs, ours in _KEYS.items():
        value = given.get(theirs)
        others = (other for other in shop.customers.values() if other is not record)
        if value and any(getattr(other.customer, ours) == value for other in others):
            return f"{theirs.capitalize()} has already been taken", theirs, "TAKEN"
    return None


def _fill(shop: Shop, record: CustomerRecord, given: dict[str, Any]) -> None:
    values = {ours: given[theirs] for theirs, ours in _NAMES if theirs in given}
    record.customer = replace(record.customer, **values)
    if "note" in given:
        record.note = given["note"]
    if given.get("tags") is not None:
        record.customer = replace(record.customer, tags=())
        shop.add_tags(record, given["tags"])


def _set(_source: Any, info: Info, input: dict[str, Any], identifier: dict[str, Any] | None = None) -> Any:
    shop: Shop = info.context.shop
    wanted = {name: value for name, value in (identifier or {}).items() if value is not None}
    record, problem = _identified(shop, input, wanted)
    problem = problem or _taken_or_bad(shop, input, record)
    if problem is None and record is None and not any(input.get(theirs) for theirs, _ in _NAMES):
        problem = ("A name, phone number, or email address must be present", "input", "BLANK")
    if problem is not None:
        path = ("input",) if problem[1] == "input" else ("input", problem[1])
        return {"customer": None, "userErrors": [user_error(problem[0], *path, code=problem[2])]}
    is_new = record is None
    record = record or _new(shop)
    _fill(shop, record, input)
    if input.get("addresses") is not None:
        home = _address(shop, input["addresses"][0]) if input["addresses"] else None
        record.customer = replace(record.customer, default_address=home)
    if is_new:
        shop.customers[record.customer.id] = record
        shop.changed("CUSTOMERS_CREATE", record)
    shop.touch(record)
    return {"customer": record, "userErrors": []}


def _identified(
    shop: Shop, given: dict[str, Any], wanted: dict[str, Any]
) -> tuple[CustomerRecord | None, tuple[str, str, str] | None]:
    """The customer that is meant, if there is one, and what is wrong with the way in which it was named."""
    if "id" in wanted:
        found = find(shop, wanted["id"])
        if isinstance(found, CustomerRecord):
            return found, None
        return None, ("Resource matching the identifier was not found.", "id", "NOT_FOUND")
    for theirs, ours in _KEYS.items():
        if theirs not in wanted:
            continue
        if given.get(theirs) is None:
            return None, (
                "The input field corresponding to the identifier is required.",
                theirs,
                "MISSING_FIELD_REQUIRED",
            )
        if given[theirs] != wanted[theirs]:
            message = "The identifier value does not match the value of the corresponding field in the input."
            return None, (message, theirs, "INPUT_MISMATCH")
        records = shop.customers.values()
        return next((one for one in records if getattr(one.customer, ours) == wanted[theirs]), None), None
    return None, None


def _new(shop: Shop) -> CustomerRecord:
    now = shop.now()
    blank = Customer(
        id=shop.number(),
        first_name=None,
        last_name=None,
        email=None,
        phone=None,
        locale="en",
        tags=(),
        created_at=now,
        default_address=None,
    )
    return CustomerRecord(customer=blank, updated_at=now)


def _address(shop: Shop, given: dict[str, Any]) -> Address:
    code = given.get("countryCode") or "US"
    return Address(
        id=shop.number(),
        first_name=given.get("firstName"),
        last_name=given.get("lastName"),
        company=given.get("company"),
        address1=given.get("address1") or "",
        address2=given.get("address2"),
        city=given.get("city") or "",
        province=given.get("provinceCode"),
        province_code=given.get("provinceCode"),
        country=code,
        country_code=code,
        zip=given.get("zip"),
        phone=given.get("phone"),
    )


def _by_identifier(_source: Any, info: Info, identifier: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    if identifier.get("id") is not None:
        found = find(shop, identifier["id"])
        return found if isinstance(found, CustomerRecord) else None
    email, phone = identifier.get("emailAddress"), identifier.get("phoneNumber")
    for record in shop.customers.values():
        if (email and record.customer.email == email) or (phone and record.customer.phone == phone):
            return record
    return None


CUSTOMER_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.customer": one(CustomerRecord),
    "QueryRoot.customerByIdentifier": _by_identifier,
    "Mutation.customerUpdate": _update,
    "Mutation.customerSet": _set,
}
"""Customers by id or key, and the mutations that change them."""
