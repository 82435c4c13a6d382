from __future__ import annotations

import json

import psycopg
import pytest

from tests.schemas.calls import Connection, input_problems

OUT_OF_RANGE = "is a number out of range: its size must be below 1e308, its decimals at most 400"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "null",
        "1",
        '"x"',
        '{"a": [1, -1.5e-300, 1e307, 0.1]}',
        '"1e5000"',
        f'{{"a": {"9" * 308}}}',
        "5e-324",
    ],
)
def test_an_ordinary_value_has_no_problem(tx: Connection, text: str) -> None:
    assert input_problems(tx, text) == []


def test_null_is_a_problem(tx: Connection) -> None:
    assert input_problems(tx, None) == [("$", "must not be null")]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("1e5000", "$"),
        ('{"a": 1e5000}', "$.a"),
        ('{"a": [0, {"b c": -1e308}]}', '$.a[1]["b c"]'),
        ("[1, 2, 1.8e308]", "$[2]"),
        (f"[{'1' + '0' * 308}]", "$[0]"),
        ("[1e-401]", "$[0]"),
        ("[0e-16000]", "$[0]"),
    ],
)
def test_a_number_that_a_client_cannot_load_is_told_with_its_path(tx: Connection, text: str, path: str) -> None:
    assert input_problems(tx, text) == [(path, OUT_OF_RANGE)]


def test_what_is_accepted_can_be_loaded_as_a_double(tx: Connection) -> None:
    for text in ("9" * 308, "-" + "9" * 308, "1e307", "0." + "1" * 400):
        assert input_problems(tx, f"[{text}]") == []
        (row,) = tx.execute("select %s::jsonb::text", [f"[{text}]"]).fetchall()
        assert abs(float(json.loads(row[0])[0])) < float("inf")


def test_nesting_is_counted_below_the_top(tx: Connection) -> None:
    assert input_problems(tx, "[" * 64 + "]" * 64) == []
    assert input_problems(tx, "[" * 64 + "1" + "]" * 64) == []
    assert input_problems(tx, "[" * 65 + "1" + "]" * 65) == [("$", "is nested more than 64 levels deep")]
    assert input_problems(tx, '{"a":' * 3 + "1" + "}" * 3, max_depth=2) == [("$", "is nested more than 2 levels deep")]


def test_the_size_is_that_of_the_text(tx: Connection) -> None:
    assert input_problems(tx, '"éé"', max_bytes=6) == []
    assert input_problems(tx, '"éé"', max_bytes=5) == [("$", "is 6 bytes long, at most 5 are allowed")]
    # PostgreSQL writes a space after each colon and comma
    assert input_problems(tx, '{"a":1,"b":2}', max_bytes=15) == [("$", "is 16 bytes long, at most 15 are allowed")]
    assert input_problems(tx, json.dumps("x" * 6_000_000)) == [
        ("$", "is far too long, at most 1000000 bytes are allowed")
    ]


def test_limits_that_are_null_are_the_usual_ones(tx: Connection) -> None:
    query = "select message from aias_private.json_input_problems(%s::jsonb, null, null)"
    assert tx.execute(query, [json.dumps("x" * 999_998)]).fetchall() == []
    assert tx.execute(query, [json.dumps("x" * 999_999)]).fetchall() == [
        ("is 1000001 bytes long, at most 1000000 are allowed",)
    ]
    assert tx.execute(query, ["[" * 66 + "]" * 66]).fetchall() == [("is nested more than 64 levels deep",)]


@pytest.mark.parametrize(
    "text", [r'"\u0000"', r'{"\u0000": 1}', r'"\ud800"', "NaN", "Infinity", "1e200000", "[" * 100_000]
)
def test_what_jsonb_never_lets_in_needs_no_check(tx: Connection, text: str) -> None:
    with pytest.raises(psycopg.errors.DatabaseError):
        tx.execute("select %s::jsonb", [text])


def test_a_compressed_value_is_measured_unpacked(tx: Connection) -> None:
    tx.execute("create temporary table stored (value jsonb)")
    tx.execute("insert into stored select jsonb_agg(1) from generate_series(1, 600000)")
    assert tx.execute(
        "select p.message from stored, aias_private.json_input_problems(value, 1000000, 64) as p"
    ).fetchall() == [("is far too long, at most 1000000 bytes are allowed",)]


def test_an_ordinary_value_costs_far_less_than_the_call_that_brings_it(tx: Connection) -> None:
    value = json.dumps({"order": "gid://shop/Order/17", "lines": [{"sku": "a", "quantity": 1, "price": 9.5}] * 3})
    row = tx.execute(
        """
        explain (analyze, format json)
        select count(*)
        from generate_series(1, 1000) as n,
        lateral aias_private.json_input_problems(jsonb_build_object('n', n, 'v', %s::jsonb), 1000000, 64)
        """,
        [value],
    ).fetchone()
    assert row is not None
    milliseconds = row[0][0]["Execution Time"] / 1000
    assert milliseconds < 1
