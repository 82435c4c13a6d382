"""``aias effect``: from a call in doubt to a person's word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.cli.conftest import Run

Ok = Callable[..., Any]


@pytest.fixture
def execution(ok: Ok, database_url: str) -> UUID:
    """An execution with one effect in doubt and one that is done."""
    ok("tenant", "create", "acme", "--plan", "pro")
    steps = [{"id": "pay", "action": "slack.post", "input": {"text": "x"}}]
    with psycopg.connect(database_url, autocommit=True) as conn:

        def one(query: Any, *arguments: Any) -> Any:
            row = conn.execute(query, arguments).fetchone()
            return None if row is None else row[0]

        one("select version from aias.apply_workflow('acme', %s)", Jsonb({"name": "flow", "steps": steps}))
        found = one("select aias.run_workflow('acme', 'flow')")
        place = (one("select tenant_id from aias.executions"), found)
        one(
            """
            select c.attempt from aias.executions as e
            cross join lateral aias_private.claim_execution(e.tenant_id, e.id, e.job_id, null) as c
            """
        )
        for step in ("pay", "told"):
            one(
                """
                select b.verdict
                from aias_private.begin_effect(
                    %s, %s, 1, %s, -1, '', 'post', 'slack:default', sha256('x'), gen_random_uuid(), '1 s', '0 s', false
                ) as b
                """,
                *place,
                step,
            )
        one("select aias_private.doubt_effect(%s, %s, 1, 'pay', -1, '', true)", *place)
        one("""select aias_private.settle_effect(%s, %s, 1, 'told', -1, '', 'done', '{"a": 1}')""", *place)
    return found


def test_what_is_in_doubt_is_listed_shown_and_resolved(ok: Ok, cli: Run, execution: UUID) -> None:
    (listed,) = ok("effect", "list", "--tenant", "acme")["effects"]
    assert (listed["execution_id"], listed["step"], listed["state"]) == (str(execution), "pay", "in_doubt")
    assert "slack:default" in cli("effect", "list").out
    assert len(ok("effect", "list", "--all", "--execution", str(execution))["effects"]) == 2
    answer = ok("effect", "resolve", str(execution), "pay", "--happened", "--response", '{"a": 2}', "--comment", "seen")
    assert answer == {"execution": str(execution), "step": "pay", "state": "done"}
    (shown,) = ok("effect", "show", str(execution), "pay")["effects"]
    assert (shown["state"], shown["response"], shown["resolved_comment"]) == ("done", {"a": 2}, "seen")
    assert shown["resolved_by"]
    assert ok("effect", "list")["effects"] == []


def test_what_is_settled_is_a_conflict_and_what_is_not_there_is_not_found(cli: Run, execution: UUID) -> None:
    assert cli("effect", "resolve", str(execution), "told", "--did-not-happen").code == 4
    assert cli("effect", "resolve", str(execution), "other", "--did-not-happen").code == 3
    assert cli("effect", "show", str(execution), "other").code == 3


def test_what_came_of_it_must_be_said(cli: Run, execution: UUID) -> None:
    result = cli("effect", "resolve", str(execution), "pay")
    assert result.code == 2
    assert "happened" in result.message
