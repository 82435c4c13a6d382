"""The page on the Wave actions says what is so: fields, effects, and just the scopes that each action needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from aias.errors import PermanentError
from aias.integrations import forget_cached
from aias.integrations.wave.catalog import forget_catalog
from aias.plugins import all_actions, load_plugins
from aias.simulators import Simulators, WaveSimulator
from aias.simulators.wave_scopes import NEEDED
from tests.integrations.books import BUYER, DRAFT, customer, payment

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "wave.md").read_text()


def sections() -> dict[str, dict[str, str]]:
    """Each action's rows on the page, and its summary under ``summary``."""
    found: dict[str, dict[str, str]] = {}
    for part in PAGE.split("\n### ")[1:]:
        name = part.split("`")[1]
        rows = dict(re.findall(r"^\| (\w+) \| (.*) \|$", part, re.MULTILINE))
        found[name] = {**rows, "summary": part.split("\n\n")[1]}
    return found


SECTIONS = sections()


def names(row: str) -> list[str]:
    return re.findall(r"`([^`]+)`", row)


def test_every_action_is_on_the_page_with_its_fields_and_its_effect() -> None:
    load_plugins()
    actions = {name: action for name, action in all_actions().items() if name.startswith("wave.")}
    assert sorted(SECTIONS) == sorted(actions)
    for name, action in actions.items():
        told = SECTIONS[name]
        assert told["summary"] == action.summary
        assert names(told["input"]) == list(action.input_model.model_fields), name
        assert action.output_model is not None
        assert names(told["output"]) == list(action.output_model.model_fields), name
        assert told["effect"] == action.effect, name
        assert told["again"]
        assert set(names(told["scopes"])) <= set(NEEDED.values()), name


async def given(workspace: Any, sims: Simulators, name: str) -> Any:
    """An input that makes the action ask for everything that it may ask for; made with a token that may do all."""
    kind = name.removeprefix("wave.")
    if kind.endswith("_list"):
        return {}
    if kind.startswith("customer"):
        return BUYER
    if kind.startswith("product"):
        return {"name": "Mug"}
    if kind.startswith("sales_tax"):
        return {"name": "VAT", "rate": "0.2"}
    if kind.startswith("money"):
        return payment(sims)
    buyer = await customer(workspace)
    if kind == "invoice_create":
        return {**DRAFT, "customer_id": buyer}
    if kind == "invoice_from_order":
        for record in sims.shopify.shop.orders.values():
            order = await workspace.do("shopify.order_get", {"id": record.gid})
            if any(tax["rate"] for line in order["lines"] for tax in line["taxes"]):
                return {"customer_id": buyer, "order": order}
    invoice = await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": buyer, "reference": "before"})
    sims.wave.books.invoices[invoice["id"]].status = "SAVED" if kind == "invoice_send" else "DRAFT"
    return {"id": invoice["id"], "to": "a@example.com"} if kind == "invoice_send" else {"id": invoice["id"]}


@pytest.mark.parametrize("name", SECTIONS)
async def test_an_action_needs_the_scopes_that_the_page_names_and_no_others(
    workspace: Any, sims: Simulators, name: str
) -> None:
    data = await given(workspace, sims, name)
    for made in (sims.wave.books.products, sims.wave.books.sales_taxes):
        made.clear()  # so that an invoice makes them again
    scopes = names(SECTIONS[name]["scopes"])
    wave = {"url": sims.wave.url, "business_id": sims.wave.business_id}
    for missing in [*scopes, None]:
        forget_catalog()
        sims.wave.grant("narrow", [scope for scope in scopes if scope != missing])
        await workspace.connect("wave", wave, {"access_token": "narrow"})
        if missing is None:
            assert await workspace.do(name, data)
        else:
            with pytest.raises(PermanentError, match=f"lacks the scope {missing}"):
                await workspace.do(name, data, step=missing.replace(":", "-"))


@pytest.mark.parametrize("status", [200, 400, 401])
async def test_a_refused_token_is_told_with_whatever_status_wave_says_it(
    workspace: Any, sims: Simulators, status: int
) -> None:
    sims.wave.unauthenticated_status = status
    wave = {"url": sims.wave.url, "business_id": sims.wave.business_id}
    await workspace.connect("wave", wave, {"access_token": "wrong"})
    forget_cached()
    with pytest.raises(PermanentError, match="wave:default refused the credentials of this connection"):
        await workspace.do("wave.customer_list", {})


@pytest.mark.parametrize("status", [200, 400])
async def test_a_request_that_wave_does_not_understand_is_permanent(
    workspace: Any, sims: Simulators, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(sims.wave, WaveSimulator)
    sims.wave.error_status = status
    monkeypatch.setattr("aias.integrations.wave.documents.CUSTOMER_LIST", "query a { user { colour } }")
    with pytest.raises(PermanentError, match="refused the request") as caught:
        await workspace.do("wave.customer_list", {})
    assert caught.value.detail["codes"] == ["GRAPHQL_VALIDATION_FAILED"]


@pytest.mark.parametrize(
    ("currency", "price", "quantity", "rate", "total"),
    [
        ("USD", "0.10", "3", "0.1", "0.33"),
        ("USD", "33.333333", "3", "0.19", "119.00"),
        ("JPY", "333", "3", "0.1", "1099"),
        ("KWD", "1.005", "3", "0.05", "3.166"),
    ],
)
async def test_an_invoice_is_exact_in_currencies_of_two_no_and_three_decimals(
    workspace: Any, sims: Simulators, currency: str, price: str, quantity: str, rate: str, total: str
) -> None:
    line = {
        "description": "Thing",
        "quantity": quantity,
        "unit_price": price,
        "taxes": [{"name": f"Tax {rate}", "rate": rate}],
    }
    draft = {"currency": currency, "lines": [line], "expected_total": total}
    invoice = await workspace.do("wave.invoice_create", {**draft, "customer_id": await customer(workspace)})
    assert (invoice["total"], invoice["currency"]) == (total, currency)
    (made,) = sims.wave.books.invoices.values()
    assert len(made.items) == 1  # no correction was needed
