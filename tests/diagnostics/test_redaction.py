"""What is logged and stored has no secret, no personal data, and no character that forges a line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aias.redaction import MASK, is_personal_name, is_secret_name, scrub, scrub_value


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Authorization: Bearer planted-0123456789", "planted"),
        ("X-Shopify-Access-Token: shpat_0123456789abcdef", "shpat_0123456789abcdef"),
        ("token shpat_0123456789abcdef refused", "0123456789abcdef"),
        ("postgresql://aias:planted-0123456@db/aias", "planted"),
        ("mail to ann.lee+shop@example.co.uk failed", "ann.lee"),
        ("mail to jürgen@exämple.de failed", "jürgen"),
        ("card 4111 1111 1111 1111 declined", "1111"),
        ("card 5555-5555-5555-4444 declined", "4444"),
        ("card 378282246310005 declined", "378282246310005"),
        ("POST https://hooks.slack.com/services/T0123/B0123/planted0123", "planted0123"),
        ("POST /hooks/planted-0123456789", "planted"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.planted", "planted"),
    ],
)
def test_what_looks_like_a_secret_or_personal_data_is_masked(text: str, hidden: str) -> None:
    shown = scrub(text)
    assert hidden not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "text",
    [
        "order 5678901234567 of gid://shopify/Order/5678901234567",
        "4111 1111 1111 1112 is no card: its check digit is wrong",
        "execution 01a20db3-ca4d-73ac-b461-7c81c14db225 took 1234.5678 ms",
        "a @ b",
        "key=01a20db3",
    ],
)
def test_what_only_looks_a_little_like_it_stays(text: str) -> None:
    assert scrub(text) == text


@pytest.mark.parametrize(
    "name",
    ["token", "access_token", "clientSecret", "X-Shopify-Access-Token", "api_key", "apiKey", "Set-Cookie", "IBAN"],
)
def test_fields_of_secrets_are_known_by_their_names(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["email", "customer.email", "phoneNumber", "shipping_address", "billingAddress", "address1", "first_name"]
)
def test_fields_of_personal_data_are_known_by_their_names(name: str) -> None:
    assert is_personal_name(name)


@pytest.mark.parametrize("name", ["idempotency_key", "limit_key", "token_count", "name", "key", "step"])
def test_other_fields_are_not(name: str) -> None:
    assert not is_secret_name(name)
    assert not is_personal_name(name)


def test_nested_values_are_masked_by_field_and_by_pattern() -> None:
    shown = scrub_value(
        {
            "order": {
                "customer": {"email": "ann@example.com", "first_name": "Ann", "id": 7},
                "notes": ["call +1", {"by": "ann@example.com", "password": ["a", "b"]}],
                "total": 12.5,
            },
            "headers": (("authorization", "Bearer planted-0123"),),
        }
    )
    assert shown == {
        "order": {
            "customer": {"email": MASK, "first_name": MASK, "id": 7},
            "notes": ["call +1", {"by": MASK, "password": MASK}],
            "total": 12.5,
        },
        "headers": [["authorization", f"Bearer {MASK}"]],
    }


def test_whether_there_is_a_secret_is_none() -> None:
    assert scrub_value({"has_secret": True, "token": None}) == {"has_secret": True, "token": None}


def test_control_characters_are_seen_and_do_nothing() -> None:
    forged = "ok\n2026-01-01 error aias: forged\r\x1b[2J\u202e\u2028\x00\ud800"
    assert scrub(forged) == r"ok\n2026-01-01 error aias: forged\r\x1b[2J\u202e\u2028\x00\ud800"
    assert scrub("a\n\tb\x1b", is_block=True) == "a\n\tb\\x1b"


class Broken:
    def __str__(self) -> str:
        raise RuntimeError("no text")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=20,
    )
)
def test_any_value_becomes_json_that_postgresql_takes(value: Any) -> None:
    text = json.dumps(scrub_value(value), allow_nan=False)
    assert "\\u0000" not in text
    text.encode()


def test_a_value_without_a_text_and_one_without_an_end_are_told() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "RuntimeError" in scrub_value(Broken())
    json.dumps(scrub_value(endless))
    assert len(scrub("x" * 100_000)) < 20_010
