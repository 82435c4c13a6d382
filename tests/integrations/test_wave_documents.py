"""What is asked of Wave, held against the schema of its API; and that no amount travels as a number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, cast

import pytest
from graphql import OperationDefinitionNode, OperationType, build_schema, parse, validate

from aias.integrations.wave import documents
from aias.simulators import Simulators
from tests.integrations.books import BUYER, DRAFT, customer

SCHEMA = build_schema(files("aias.simulators").joinpath("wave.graphql").read_text())
ALL = {name: getattr(documents, name) for name in documents.__all__}


@pytest.mark.parametrize("name", ALL)
def test_a_document_is_valid_and_leaves_no_mark_unfilled(name: str) -> None:
    document = parse(ALL[name])
    assert validate(SCHEMA, document) == []
    assert not re.search(r"<[A-Z_]+>", ALL[name])


@pytest.mark.parametrize("name", ALL)
def test_a_document_holds_one_operation_that_is_named_and_asks_for_bounded_lists(name: str) -> None:
    (operation,) = parse(ALL[name]).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    if "edges" in ALL[name]:
        assert re.search(r"pageSize: (\$pageSize|200)", ALL[name])
    if operation.operation is OperationType.MUTATION:
        assert "didSucceed inputErrors { code message path }" in ALL[name]


def numbers(value: Any, path: str = "") -> Iterator[str]:
    """Where JSON numbers stand that are no page, page size or the like."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from numbers(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from numbers(inner, f"{path}[]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


async def test_every_amount_that_is_sent_is_a_decimal_string(workspace: Any, sims: Simulators) -> None:
    bodies: list[Any] = []
    served = sims.wave.answer

    def answer(request: Any, body: bytes, call: Any) -> Any:
        bodies.append(json.loads(body))
        return served(request, body, call)

    sims.wave.answer = answer
    buyer = await customer(workspace)
    discount = {"type": "fixed", "value": 0.1}
    await workspace.do("wave.invoice_create", {**DRAFT, "customer_id": buyer, "discount": discount})
    await workspace.do("wave.product_upsert", {"name": "Mug", "unit_price": 12.1})
    await workspace.do("wave.customer_upsert", {**BUYER, "phone": "1"})
    accounts = {one.name: one.id for one in sims.wave.books.accounts.values()}
    await workspace.do(
        "wave.money_transaction_create",
        {
            "date": "2026-11-01",
            "description": "Paid",
            "anchor": {"account_id": accounts["Cash on Hand"], "amount": 0.3, "direction": "DEPOSIT"},
            "lines": [
                {"account_id": accounts["Sales"], "amount": "0.10"},
                {"account_id": accounts["Sales"], "amount": 0.2},
            ],
        },
    )
    assert len(bodies) > 8
    odd = {path for body in bodies for path in numbers(body["variables"])}
    assert odd <= {".page", ".pageSize"}
