from __future__ import annotations

from decimal import Decimal

import pytest

from aias.integrations.payload import dumps, loads


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html>",
        b'{"a": NaN}',
        b"[Infinity]",
        b"1e5000",
        b"9" * 5000,
        b"0." + b"1" * 400,
        b"\xff\xfe{\x00}\x00",
        '{"a": "ä"}'.encode("latin-1"),
        b"[" * 100_000,
    ],
)
def test_what_is_no_honest_json_is_refused_with_a_reason(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it "):
        loads(body)


def test_a_fraction_is_exact_to_the_last_digit() -> None:
    assert loads(b'{"rate": 0.1, "big": 12345678901234567890.12}') == {
        "rate": Decimal("0.1"),
        "big": Decimal("12345678901234567890.12"),
    }


def test_text_that_postgresql_refuses_is_replaced() -> None:
    assert loads(rb'{"a\u0000": ["\ud800", "\ud83d\ude00"]}') == {
        "a\N{REPLACEMENT CHARACTER}": ["\N{REPLACEMENT CHARACTER}", "😀"]
    }


def test_a_byte_order_mark_does_no_harm() -> None:
    assert loads(b"\xef\xbb\xbf{}") == {}


def test_decimals_leave_as_strings() -> None:
    assert dumps({"amount": Decimal("1E+2")}) == b'{"amount":"100"}'


def test_nan_does_not_leave() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        dumps({"amount": float("nan")})
