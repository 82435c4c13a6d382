"""JSON from the database, within bounds."""

from __future__ import annotations

from typing import Any

import pytest

from aias.db import Pool, loads


def test_ordinary_json_is_read_as_always() -> None:
    assert loads('{"a": [1, -2.5, null, true, "x", 12345678901234567890]}') == {
        "a": [1, -2.5, None, True, "x", 12345678901234567890]
    }


@pytest.mark.parametrize("digits", [308, -308])
def test_integers_as_long_as_a_doubles_are_read(digits: int) -> None:
    text = ("-" if digits < 0 else "") + "9" * abs(digits)
    assert loads(text) == int(text)


@pytest.mark.parametrize("text", ["1" * 309, "-" + "1" * 5001, "1e309", "-1e309", "NaN", "Infinity", "-Infinity"])
def test_numbers_beyond_a_double_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"out of range|not a JSON number"):
        loads(f'{{"a": {text}}}')


def test_nesting_beyond_the_stack_is_an_error_and_not_a_crash() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        loads("[" * 200_000 + "]" * 200_000)


async def test_a_row_with_an_absurd_number_fails_that_read_only(pool: Pool) -> None:
    async with pool.connection() as conn:
        with pytest.raises(ValueError, match="out of range"):
            await (await conn.execute("select '{\"a\": 1e5000}'::jsonb")).fetchone()
        row: Any = await (await conn.execute("select '{\"a\": 1e3}'::jsonb")).fetchone()
    assert row == ({"a": 1000},)
