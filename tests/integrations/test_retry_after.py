from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aias.integrations.outcome import LONGEST_RETRY_AFTER, parse_retry_after

DATE = "Tue, 24 Nov 2026 06:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("2.0", 2.0),
        (" 5 ", 5.0),
        ("1.5", 1.5),
        ("Tue, 24 Nov 2026 06:00:30 GMT", 30.0),
        ("Tuesday, 24-Nov-26 06:00:30 GMT", 30.0),
    ],
)
def test_seconds_fractions_and_dates_are_understood(header: str, seconds: float) -> None:
    assert parse_retry_after(header, date=DATE) == seconds


@pytest.mark.parametrize(
    "header",
    [None, "", "soon", "-1", "-0.5", "1e9", "inf", "nan", "0x10", "1_000", "١", "Tue, 24 Nov 2026 05:00:00 GMT"],
)
def test_garbage_negative_values_and_the_past_say_nothing(header: str | None) -> None:
    assert parse_retry_after(header, date=DATE) is None


@pytest.mark.parametrize("header", ["1000000000", "9" * 90, "Fri, 24 Nov 2096 06:00:00 GMT"])
def test_a_huge_wish_is_cut_to_an_hour(header: str) -> None:
    assert parse_retry_after(header, date=DATE) == LONGEST_RETRY_AFTER


def test_a_date_is_measured_by_the_servers_own_clock() -> None:
    assert parse_retry_after("Mon, 01 Jan 2001 00:00:10 GMT", date="Mon, 01 Jan 2001 00:00:00 GMT") == 10.0


@given(st.text(max_size=120))
def test_no_header_breaks_it(header: str) -> None:
    seconds = parse_retry_after(header)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER
