"""The database's reading of cron expressions and the library's are one."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aias.errors import InvalidArgument
from aias.triggers import Cron

Tx = psycopg.Connection[Any]

_NUMBER = st.one_of(st.integers(0, 62).map(str), st.sampled_from(["007", "00", "100"]))
_NAME = st.sampled_from(["MON", "sun", "Sat", "JAN", "dec", "FRIDAY", "L", "LW", "5L", "MON#2", "7#5", "2#6", "#", ""])
_VALUE = st.one_of(_NUMBER, _NUMBER, _NAME, st.just("*"))
_RANGE = st.one_of(_VALUE, st.tuples(_VALUE, _VALUE).map("-".join))
_TERM = st.one_of(_RANGE, st.tuples(_RANGE, _NUMBER).map("/".join))
_FIELD = st.one_of(st.just("*"), _TERM, st.lists(_TERM, min_size=1, max_size=3).map(",".join))
_SANE = st.tuples(_FIELD, st.sampled_from(["*", "0", "*/2", "1-5"])).map(lambda pair: pair[0])
_EXPRESSION = st.one_of(
    st.lists(_FIELD, min_size=4, max_size=6).map(" ".join),
    # one field at random among four sound ones, so that whole expressions are often sound
    st.tuples(st.integers(0, 4), _SANE).map(lambda pair: " ".join(pair[1] if n == pair[0] else "1" for n in range(5))),
    st.tuples(_SANE, _SANE).map(lambda pair: f"0 0 {pair[0]} {pair[1]} *"),
    st.text("0123456789*/,-#@ LWMON", max_size=20),
    st.sampled_from(["@daily", "@Hourly", "@reboot", "@every 5m", " \t0  0\t1 1 * ", "0 0 30 2 *", "0 0 31 4,6 *"]),
)


def library_takes(expression: str) -> bool:
    try:
        Cron(expression)
    except InvalidArgument:
        return False
    return True


@pytest.fixture(scope="module")
def verdict(_shared_database: str) -> Any:
    with psycopg.connect(_shared_database, autocommit=True) as conn:

        def ask(expressions: list[str]) -> list[bool]:
            conn.execute(
                """
                create or replace function pg_temp.takes(p_cron text) returns boolean language plpgsql as $$
                begin
                    perform aias_private.assert_cron(p_cron);
                    return true;
                exception when sqlstate 'JR422' then
                    return false;
                end $$
                """
            )
            rows = conn.execute(
                "select pg_temp.takes(e.value) from jsonb_array_elements_text(%s::jsonb) with ordinality as e(value, n)"
                " order by e.n",
                (json.dumps(expressions),),
            )
            return [row[0] for row in rows.fetchall()]

        yield ask


@settings(max_examples=60, deadline=None)
@given(expressions=st.lists(_EXPRESSION, min_size=30, max_size=60))
def test_the_database_takes_what_the_library_takes_and_nothing_else(verdict: Any, expressions: list[str]) -> None:
    disagreed = [
        (expression, taken)
        for expression, taken in zip(expressions, verdict(expressions), strict=True)
        if taken != library_takes(expression)
    ]
    assert disagreed == []


@pytest.mark.parametrize(
    ("expression", "plain"),
    [
        ("@daily", "0 0 * * *"),
        ("  */5\t9-17  * jan-mar mon-fri ", "*/5 9-17 * JAN-MAR MON-FRI"),
        ("0 9 LW * *", "0 9 LW * *"),
    ],
)
def test_an_expression_is_kept_in_its_plain_form(expression: str, plain: str, tx: Tx) -> None:
    assert tx.execute("select aias_private.assert_cron(%s)", (expression,)).fetchone() == (plain,)


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        (None, "at most 200 letters"),
        ("", "not 0"),
        ("* * * * * *", "not 6"),
        ("60 * * * *", "minute: 60 is not between 0 and 59"),
        ("* 5-3 * * *", "hour: the range 5-3 goes backwards"),
        ("* * 0 * *", "day of the month: 0 is not between 1 and 31"),
        ("* * * FOO *", "month: 'FOO' is not a value"),
        ("* * * * MON#6", "day of the week: # stands between"),
        ("*/0 * * * *", "minute: a step is at least 1"),
        ("1,,2 * * * *", "minute: is empty"),
        ("0 0 30 2 *", "the month never has a day 30"),
        ("@reboot", "'@reboot' is not one of"),
        ("0 0 * * *; drop", "at most 200 letters"),
    ],
)
def test_a_bad_expression_is_refused_with_its_reason(expression: str | None, says: str, tx: Tx) -> None:
    with pytest.raises(psycopg.Error) as refused:
        tx.execute("select aias_private.assert_cron(%s)", (expression,))
    assert refused.value.sqlstate == "JR422"
    assert refused.value.diag.column_name == "p_cron"
    assert says in str(refused.value)
