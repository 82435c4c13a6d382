from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aias.integrations.redaction import MASK, excerpt, redact


def test_a_known_secret_is_masked_wherever_it_stands() -> None:
    assert redact("token=s3cr3t-value; again s3cr3t-value", ["s3cr3t-value"]).count("s3cr3t-value") == 0


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer planted-0123456789",
        '{"access_token": "planted-0123456789"}',
        "client_secret=planted-0123456789&x=1",
        "X-Shopify-Access-Token: planted-0123456789",
        "https://user:planted-0123456789@host/",
        "password='planted-0123456789'",
    ],
)
def test_what_looks_like_a_credential_is_masked_unknown_as_it_is(text: str) -> None:
    shown = redact(text)
    assert "planted-0123456789" not in shown
    assert MASK in shown


@pytest.mark.parametrize("token", ["shpat_0123456789abcdef", "xoxb-0123-abcdef"])
def test_known_token_formats_are_masked(token: str) -> None:
    assert token not in redact(f"here: {token}.")


def test_an_excerpt_is_short_and_can_be_stored() -> None:
    shown = excerpt(b"<html>\x00\xff" + b"x" * 10_000)
    assert len(shown) <= 503
    assert "\x00" not in shown


@given(st.integers(0, 600))
def test_a_secret_at_the_cut_does_not_show_its_first_half(before: int) -> None:
    shown = excerpt("x" * before + "planted-secret-0123456789", ["planted-secret-0123456789"])
    assert "planted" not in shown


@given(st.binary(max_size=2000))
def test_any_body_has_an_excerpt(body: bytes) -> None:
    excerpt(body).encode()
