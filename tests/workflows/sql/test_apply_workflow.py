"""aias.apply_workflow and what manages workflows: versions never change, bad ones are never stored."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.workflows.sql.conftest import SIMPLE, Ledger


def test_the_same_definition_again_changes_nothing(ledger: Ledger) -> None:
    row = ledger.apply(dict(reversed(SIMPLE.items())))
    assert (row["version"], row["is_changed"]) == (1, False)


def test_another_definition_is_the_next_version_and_runs_keep_theirs(ledger: Ledger) -> None:
    execution = ledger.run()
    row = ledger.apply({**SIMPLE, "description": "new"})
    assert (row["version"], row["is_changed"]) == (2, True)
    assert ledger.execution(execution)["version"] == 1
    assert ledger.execution(ledger.run())["version"] == 2


def test_a_version_never_changes(ledger: Ledger) -> None:
    with pytest.raises(psycopg.Error, match="never changes"):
        ledger.connection.execute("update aias_private.workflow_versions set definition = '{}'")


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ([], r"\$: a definition"),
        ({"steps": SIMPLE["steps"]}, r"\$\.name"),
        ({**SIMPLE, "name": "Not A Name"}, r"\$\.name"),
        ({**SIMPLE, "steps": []}, r"\$\.steps"),
        ({**SIMPLE, "steps": {}}, r"\$\.steps"),
        ({**SIMPLE, "steps": [{"id": "x"}]}, r"\$\.steps"),
        ({**SIMPLE, "steps": [{"id": "a.b", "action": "noop"}]}, r"\$\.steps"),
        ({**SIMPLE, "steps": [{"id": "a", "action": "noop"}] * 501}, "500"),
        ({**SIMPLE, "input": {"unheardOf": 1}}, r"\$\.input.*unheardOf"),
        ({**SIMPLE, "description": "x" * 1_000_001}, "1,000,000"),
    ],
)
def test_a_bad_definition_is_not_stored(ledger: Ledger, definition: Any, message: str) -> None:
    with pytest.raises(psycopg.Error, match=message) as caught, ledger.connection.transaction():
        ledger.apply(definition)
    assert (caught.value.sqlstate, caught.value.diag.column_name) == ("JR422", "p_definition")
    assert ledger.value("select count(*) from aias.workflow_versions") == 1


def test_a_workflow_with_live_executions_is_not_deleted(ledger: Ledger) -> None:
    execution = ledger.run()
    with pytest.raises(psycopg.Error, match="not final") as caught, ledger.connection.transaction():
        ledger.value("select aias.delete_workflow('acme', 'simple')")
    assert caught.value.sqlstate == "JR409"
    ledger.value("select aias.cancel_execution(%s)", execution)
    ledger.value("select aias.delete_workflow('acme', 'simple')")
    with pytest.raises(psycopg.Error) as caught, ledger.connection.transaction():
        ledger.run()
    assert caught.value.sqlstate == "JR404"
    # the name is free; the history stays
    assert ledger.apply(SIMPLE)["version"] == 1
    assert ledger.execution(execution)["workflow"] == "simple"
