"""What logs and errors keep of a text: the quick way past the rules passes nothing that a rule would hide."""

from __future__ import annotations

import pytest

from aias.redaction import scrub, scrub_value


@pytest.mark.parametrize(
    "text",
    ["4111111111111111", "4111-1111-1111-1111", "5500 0055 5555 5559", "xoxb-0123456789", "shpat_abcdef012345"],
)
def test_what_looks_like_an_id_is_looked_at_all_the_same(text: str) -> None:
    assert scrub(text) == "[redacted]"
    assert scrub(f"{text}\n") == "[redacted]\\n"


@pytest.mark.parametrize(
    "text", ["01a20dd3-c553-7593-8f3b-a0a29105138b", "ad78" * 8, "request", "127.0.0.1", "1.5", ""]
)
def test_ids_words_and_addresses_are_left_as_they_are(text: str) -> None:
    assert scrub(text) == text


def test_a_field_is_hidden_by_its_name_whatever_its_text_looks_like() -> None:
    given = {"token": "abcdef", "email": "ada", "count": 3, "4111111111111111": "x"}
    assert scrub_value(given) == {"token": "[redacted]", "email": "[redacted]", "count": 3, "[redacted]": "x"}
