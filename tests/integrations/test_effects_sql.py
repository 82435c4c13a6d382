"""The ledger of effects in the database: partitions, who sees what, and what it holds of a request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

WORKFLOW = {"name": "flow", "steps": [{"id": "pay", "action": "http.request", "input": {"url": "https://x.example"}}]}


def one(tx: psycopg.Connection[Any], query: str, *arguments: Any) -> Any:
    row = tx.execute(query, arguments).fetchone()  # pyright: ignore[reportArgumentType]
    assert row is not None
    return row[0]


def running(tx: psycopg.Connection[Any], tenant: str) -> tuple[UUID, UUID]:
    """A tenant with an execution in a worker's hands."""
    tenant_id = one(tx, "select aias.create_tenant(%s)", tenant)
    one(tx, "select version from aias.apply_workflow(%s, %s)", tenant, Jsonb(WORKFLOW))
    execution = one(tx, "select aias.run_workflow(%s, 'flow')", tenant)
    tx.execute(
        """
        select from aias.executions as e
        cross join lateral aias_private.claim_execution(e.tenant_id, e.id, e.job_id, null) as c
        where e.id = %s
        """,
        (execution,),
    )
    return tenant_id, execution


def begin(tx: psycopg.Connection[Any], tenant: UUID, execution: UUID, *, attempt: int = 1, item: int = -1) -> str:
    return one(
        tx,
        """
        select b.verdict
        from aias_private.begin_effect(
            %s, %s, %s, 'pay', %s, '', 'POST', null, sha256('x'), gen_random_uuid(), '30 s', '0 s', false
        ) as b
        """,
        tenant,
        execution,
        attempt,
        item,
    )


def doubt(tx: psycopg.Connection[Any], tenant: UUID, execution: UUID) -> bool:
    return one(tx, "select aias_private.doubt_effect(%s, %s, 1, 'pay', -1, '', true)", tenant, execution)


def settle(tx: psycopg.Connection[Any], tenant: UUID, execution: UUID, *, attempt: int = 1, to: str = "done") -> bool:
    query = "select aias_private.settle_effect(%s, %s, %s, 'pay', -1, '', %s, '1')"
    return one(tx, query, tenant, execution, attempt, to)


def test_an_effect_lies_in_the_partition_of_its_executions_month(tx: psycopg.Connection[Any]) -> None:
    tenant, execution = running(tx, "acme")
    assert begin(tx, tenant, execution) == "new"
    found = one(tx, "select tableoid::regclass::text from aias_private.effects where execution_id = %s", execution)
    assert found == f"aias_private.effects_{datetime.now(UTC):%Y_%m}"


def test_an_intent_is_begun_and_settled_under_the_current_attempt_only(tx: psycopg.Connection[Any]) -> None:
    tenant, execution = running(tx, "acme")
    assert begin(tx, tenant, execution, attempt=2) == "superseded"
    assert begin(tx, tenant, execution) == "new"
    assert begin(tx, tenant, execution) == "busy"
    tx.execute("update aias_private.executions set attempt = 2 where id = %s", (execution,))
    assert settle(tx, tenant, execution) is False
    assert doubt(tx, tenant, execution) is False
    assert one(tx, "select state from aias.effects where execution_id = %s", execution) == "intended"
    assert begin(tx, tenant, execution, attempt=2) == "unknown"
    assert settle(tx, tenant, execution, attempt=2) is True
    assert begin(tx, tenant, execution, attempt=2) == "done"


def test_what_is_settled_stays_so(tx: psycopg.Connection[Any]) -> None:
    tenant, execution = running(tx, "acme")
    begin(tx, tenant, execution)
    settle(tx, tenant, execution)
    assert settle(tx, tenant, execution, to="refused") is True
    assert doubt(tx, tenant, execution) is True
    assert one(tx, "select state from aias.effects where execution_id = %s", execution) == "done"


@pytest.mark.parametrize("state", ["intended", "in_doubt", None])
def test_an_effect_is_settled_as_done_or_refused(tx: psycopg.Connection[Any], state: Any) -> None:
    tenant, execution = running(tx, "acme")
    begin(tx, tenant, execution)
    with pytest.raises(psycopg.Error, match="done or refused") as caught:
        settle(tx, tenant, execution, to=state)
    assert caught.value.sqlstate == "JR422"


def test_a_tenant_sees_and_resolves_its_own_effects_only(tx: psycopg.Connection[Any]) -> None:
    places = [running(tx, tenant) for tenant in ("acme", "umbrella")]
    for place in places:
        begin(tx, *place)
        doubt(tx, *place)
    (mine, theirs) = places
    tx.execute("set local role aias_app")
    assert one(tx, "select count(*) from aias.effects") == 0
    tx.execute("select set_config('aias.tenant_id', %s, true)", (str(mine[0]),))
    assert one(tx, "select array_agg(execution_id) from aias.effects where state = 'in_doubt'") == [mine[1]]
    assert one(tx, "select aias.resolve_effect(%s, 'pay', true, 'ann')", mine[1]) == "done"
    with pytest.raises(psycopg.Error, match="there is no execution") as caught:
        tx.execute("select aias.resolve_effect(%s, 'pay', true, 'ann')", (theirs[1],))
    assert caught.value.sqlstate == "JR404"


def test_an_application_can_not_write_the_ledger(tx: psycopg.Connection[Any]) -> None:
    tenant, execution = running(tx, "acme")
    tx.execute("set local role aias_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        begin(tx, tenant, execution)


@pytest.mark.parametrize(
    ("by", "happened", "argument"), [("", True, "p_by"), (None, True, "p_by"), ("ann", None, "p_happened")]
)
def test_who_resolves_says_what_and_who(tx: psycopg.Connection[Any], by: Any, happened: Any, argument: str) -> None:
    tenant, execution = running(tx, "acme")
    begin(tx, tenant, execution)
    doubt(tx, tenant, execution)
    with pytest.raises(psycopg.Error) as caught:
        tx.execute("select aias.resolve_effect(%s, 'pay', %s, %s)", (execution, happened, by))
    assert (caught.value.sqlstate, caught.value.diag.column_name) == ("JR422", argument)


def test_an_item_of_a_fan_out_is_named_by_its_number(tx: psycopg.Connection[Any]) -> None:
    tenant, execution = running(tx, "acme")
    for item in (0, 1):
        begin(tx, tenant, execution, item=item)
        tx.execute("select aias_private.doubt_effect(%s, %s, 1, 'pay', %s, '', true)", (tenant, execution, item))
    one(tx, "select aias.resolve_effect(%s, 'pay[1]', false, 'ann')", execution)
    found = tx.execute("select item, state from aias.effects where execution_id = %s order by item", (execution,))
    assert found.fetchall() == [(0, "in_doubt"), (1, "refused")]
