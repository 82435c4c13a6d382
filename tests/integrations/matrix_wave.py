"""The actions of the matrix that keep books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integrations.matrix_cases import Case, Place, Steps, one

__all__ = ["WAVE_CASES"]

_LINES = [{"description": "Thing", "quantity": "3", "unit_price": "9.99", "product": "Sales"}]


def _case(action: str, make: Callable[[Place], dict[str, Any]], **more: Any) -> Case:
    return Case(action=action, service="wave", steps=one(action, make), **more)


def _invoice(place: Place) -> Steps:
    """A draft invoice of this place."""
    buyer = {"name": place.name("Buyer"), "email": place.address()}
    draft = {
        "currency": "USD",
        "lines": _LINES,
        "reference": place.name("ref"),
        "customer_id": "{{ steps.@1.output.id }}",
    }
    return [
        {"action": "wave.customer_find_or_create", "input": buyer},
        {"action": "wave.invoice_create", "input": draft},
    ]


def _approve(place: Place) -> Steps:
    return [*_invoice(place), {"action": "wave.invoice_approve", "input": {"id": "{{ steps.@2.output.id }}"}}]


def _send(place: Place) -> Steps:
    sent = {"id": "{{ steps.@3.output.id }}", "to": place.address(), "subject": "Your invoice"}
    return [*_approve(place), {"action": "wave.invoice_send", "input": sent}]


def _from_order(place: Place) -> Steps:
    buyer = {"name": place.name("Buyer"), "email": place.address()}
    made = {"order": "{{ steps.@1.output }}", "customer_id": "{{ steps.@2.output.id }}"}
    return [
        {"action": "shopify.order_get", "input": {"id": place.order_id()}},
        {"action": "wave.customer_find_or_create", "input": buyer},
        {"action": "wave.invoice_from_order", "input": made},
    ]


def _changed(kind: str) -> Callable[[Place], Steps]:
    def steps(place: Place) -> Steps:
        name = place.name("Kept")
        return [
            {"action": f"wave.{kind}_find_or_create", "input": {"name": name}},
            {
                "action": f"wave.{kind}_upsert",
                "input": {"id": "{{ steps.@1.output.id }}", "name": place.name("Renamed")},
            },
        ]

    return steps


def _booked(place: Place) -> dict[str, Any]:
    return {
        "date": "2026-11-01",
        "description": place.name("Payout"),
        "anchor": {"account_id": place.accounts["Cash on Hand"], "amount": "40.91", "direction": "DEPOSIT"},
        "lines": [{"account_id": place.accounts["Sales"], "amount": "40.91"}],
    }


WAVE_CASES = (
    _case("wave.customer_find_or_create", lambda p: {"name": p.name("Customer"), "email": p.address()}),
    _case("wave.product_find_or_create", lambda p: {"name": p.name("Product")}),
    _case("wave.sales_tax_find_or_create", lambda p: {"name": p.name("Tax"), "rate": "0.19"}),
    _case("wave.customer_upsert", lambda p: {"name": p.name("Customer"), "email": p.address(), "phone": "1"}),
    Case(action="wave.customer_upsert", variant="change", service="wave", steps=_changed("customer")),
    _case("wave.product_upsert", lambda p: {"name": p.name("Product"), "unit_price": "9.99"}),
    Case(action="wave.product_upsert", variant="change", service="wave", steps=_changed("product")),
    _case("wave.money_transaction_create", _booked),
    Case(action="wave.invoice_create", service="wave", steps=_invoice, operation="invoiceCreate"),
    Case(action="wave.invoice_from_order", service="wave", steps=_from_order, operation="invoiceCreate"),
    Case(action="wave.invoice_approve", service="wave", steps=_approve),
    Case(action="wave.invoice_send", service="wave", steps=_send),
)
