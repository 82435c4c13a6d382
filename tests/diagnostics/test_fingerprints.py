"""Two failures are the same by type, message without what differs, and place in our code."""

from __future__ import annotations

import json

import pytest

from aias.diagnostics.fingerprints import fingerprint_of, normalized
from aias.reporting import Failed, type_of


def raised(number: int, *, deep: bool = False) -> Exception:
    def inner() -> None:
        raise ValueError(f"order {number} is 'bad {number}'")

    try:
        inner() if deep else json.loads("{" + "[" * number)
    except ValueError as error:
        return error
    raise AssertionError


def told(error: Exception) -> Failed:
    return Failed(source="job", name="acme.import", error=error, type=type_of(error), message=str(error))


@pytest.mark.parametrize(
    ("message", "same"),
    [
        ("order 7 failed after 1.5 s", "order <n> failed after <n> s"),
        ("execution 01a20db3-ca4d-73ac-b461-7c81c14db225 is gone", "execution <id> is gone"),
        ("key 'a' and \"b\" and `c`", "key <value> and <value> and <value>"),
        ("the step's result isn't there", "the step's result isn't there"),
        ("GET https://acme.example/orders/7?x=1 gave 404", "GET <url> gave <n>"),
        ("<Object at 0x7f2524833c90>", "<Object at <id>>"),
        ("sha 9f86d081884c7d65 differs", "sha <id> differs"),
        ("mail to ann@example.com\n  failed", "mail to [redacted] failed"),
    ],
)
def test_a_message_loses_what_differs(message: str, same: str) -> None:
    assert normalized(message) == same


def test_equal_failures_have_one_fingerprint() -> None:
    one, other = (fingerprint_of(told(raised(number, deep=True))) for number in (1, 22))
    assert one == other
    assert one.frames[0].endswith("test_fingerprints:raised.<locals>.inner") or one.frames[0].endswith(":inner")


def test_type_message_and_place_each_make_a_difference() -> None:
    base = fingerprint_of(told(raised(1, deep=True))).value
    elsewhere = fingerprint_of(told(raised(1))).value
    other_type = Failed(
        source="job", name="x", error=raised(1, deep=True), type="KeyError", message="order 1 is 'bad 1'"
    )
    other_text = Failed(source="job", name="x", error=raised(1, deep=True), type="ValueError", message="invoice 1")
    assert len({base, elsewhere, fingerprint_of(other_type).value, fingerprint_of(other_text).value}) == 4


def test_frames_of_libraries_do_not_count_and_a_failure_that_was_not_raised_is_placed_by_its_name() -> None:
    assert all("json" not in frame for frame in fingerprint_of(told(raised(1))).frames)
    unraised = Failed(source="step", name="http.request", type="Timeout", message="gave no result within 5 s")
    assert fingerprint_of(unraised).frames == ("http.request",)
