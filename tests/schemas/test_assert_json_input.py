from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from aias.errors import InvalidArgument, translated
from tests.schemas.calls import Connection


def assert_json_input(tx: Connection, value: str | None, schema: Any, max_bytes: int | None = 1000) -> None:
    tx.execute(
        "select aias_private.assert_json_input('p_input', %s::jsonb, %s::jsonb, %s)",
        [value, None if schema is None else json.dumps(schema), max_bytes],
    )


def refusal(tx: Connection, value: str | None, schema: Any, max_bytes: int | None = 1000) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as caught, translated():
        assert_json_input(tx, value, schema, max_bytes)
    return caught.value


SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]}


def test_a_good_value_passes(tx: Connection) -> None:
    assert_json_input(tx, '{"a": "x", "b": 1}', SCHEMA)
    assert_json_input(tx, "[1]", None)
    assert_json_input(tx, json.dumps("x" * 999_998), True, None)


def test_the_message_names_the_argument_the_first_problem_and_how_many_more(tx: Connection) -> None:
    error = refusal(tx, '{"a": 1}', SCHEMA)
    assert error.message == "p_input: $.b is required (and 1 more problem)"
    assert error.argument == "p_input"


def test_a_single_problem_is_told_alone(tx: Connection) -> None:
    assert refusal(tx, "[]", SCHEMA).message == "p_input: $ must be object, is array"


def test_the_detail_holds_every_problem(tx: Connection) -> None:
    with pytest.raises(psycopg.Error) as caught:
        assert_json_input(tx, '{"a": 1}', SCHEMA)
    assert caught.value.sqlstate == "JR422"
    assert caught.value.diag.column_name == "p_input"
    assert json.loads(caught.value.diag.message_detail or "") == [
        {"path": "$.b", "message": "is required"},
        {"path": "$.a", "message": "must be string, is number"},
    ]


@pytest.mark.parametrize(
    ("count", "more"),
    [(2, "(and 1 more problem)"), (3, "(and 2 more problems)"), (99, "(and at least 49 more problems)")],
)
def test_more_problems_are_counted(tx: Connection, count: int, more: str) -> None:
    assert refusal(tx, json.dumps(list(range(count))), {"items": {"type": "null"}}).message == (
        f"p_input: $[0] must be null, is number {more}"
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "p_input: $ must not be null"),
        ("[1e5000]", "p_input: $[0] is a number out of range: its size must be below 1e308, its decimals at most 400"),
        ("[" * 1000 + "]" * 1000, "p_input: $ is nested more than 64 levels deep"),
        (json.dumps("x" * 10_000), "p_input: $ is 10002 bytes long, at most 10000 are allowed"),
    ],
)
def test_an_unfit_value_is_refused_before_its_schema_is_asked(tx: Connection, value: str | None, message: str) -> None:
    assert refusal(tx, value, SCHEMA, 10_000).message == message


def test_a_refusal_undoes_what_the_same_transaction_did_before(tx: Connection) -> None:
    tx.execute("create temporary table kept (value integer)")

    def insert_and_check() -> None:
        with tx.transaction():
            tx.execute("insert into kept values (1)")
            assert_json_input(tx, "1", False)

    with pytest.raises(psycopg.Error):
        insert_and_check()
    assert tx.execute("select count(*) from kept").fetchone() == (0,)


def test_it_works_in_a_transaction_that_may_only_read(tx: Connection) -> None:
    tx.execute("set transaction read only")
    assert_json_input(tx, '{"b": "2024-01-01"}', {"properties": {"b": {"format": "date", "pattern": "^.+$"}}})
