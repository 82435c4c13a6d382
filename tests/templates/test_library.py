"""Every template of the gallery: what it says of itself holds, and it does its work at the local servers."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.types.json import Jsonb

from aias.plugins import get_action, load_plugins
from aias.templates import TemplateDocument, read_library
from aias.workflows import Execution, parse_definition
from tests.templates.bench import Bench, Case, case_of

LIBRARY = read_library()
every_template = pytest.mark.parametrize("document", LIBRARY, ids=[document.name for document in LIBRARY])


@every_template
async def test_it_does_its_work_at_the_local_servers_once(bench: Bench, document: TemplateDocument) -> None:
    case = case_of(document)
    await bench.open(document.integrations)
    used = await bench.use(document.name, case.parameters or document.example)
    given = dict(await case.arrange(bench))
    await _is_planned_without_a_socket(bench, case, used.workflow, given)
    executions: list[Execution] = []
    for _ in range(case.runs):
        execution = await bench.finish(await bench.start(used.workflow, given), case.approve)
        assert execution.status == "succeeded", (execution.error, await bench.statuses(execution.id))
        assert {step for step, _ in await bench.called(execution.id)} <= set(case.calls)
        executions.append(execution)
    await case.check(bench, executions[0])


async def _is_planned_without_a_socket(bench: Bench, case: Case, workflow: str, given: dict[str, object]) -> None:
    planned = await bench.plan(workflow, given)
    assert not [step for step in planned if step.fate == "fails"]
    called = [
        step.step for step in planned if step.fate in {"called", "may be called", "waits"} and _calls(step.action)
    ]
    inside = {step.step for step in planned if not _calls(step.action)}
    assert list(dict.fromkeys(called)) == [step for step in case.calls if step not in inside]


def _calls(name: str) -> bool:
    action = get_action(name)
    assert action is not None, name
    return not action.instant


@every_template
async def test_what_it_says_of_itself_holds(bench: Bench, document: TemplateDocument) -> None:
    load_plugins()
    kinds: set[str] = set()
    for step in parse_definition({**document.workflow, "name": document.name}).steps:
        action = get_action(step.action)
        assert action is not None, step.action
        kinds |= {action.integration} if action.integration else set()
    assert kinds == set(document.integrations)
    properties: Any = document.parameters.get("properties", {})
    assert [name for name, one in properties.items() if not one.get("description")] == []
    # alone, the defaults of the parameters and the example are fit: the schema is one that the database knows
    rendered = await bench.value(
        "select r.parameters from aias.render_template(%s, %s) as r",
        document.name,
        Jsonb(document.example),
    )
    assert set(rendered) == set(properties)
    refused = await bench.value("select count(*) from aias.check_input_schema(%s)", Jsonb(document.parameters))
    assert refused == 0


def test_at_least_the_promised_ones_are_there() -> None:
    assert {document.name for document in LIBRARY} >= {
        "abandoned-checkout-reminder",
        "booking-reminder",
        "customer-sync",
        "daily-sales-summary",
        "expense-from-webhook",
        "failed-payment-follow-up",
        "inventory-sync",
        "licence-delivery",
        "low-stock-alert",
        "order-to-invoice",
        "payout-reconciliation",
        "refund-to-credit-note",
        "stock-order",
        "vip-tagging",
        "weekly-report",
    }
