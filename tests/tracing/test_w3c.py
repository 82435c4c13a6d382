"""The headers of W3C Trace Context; the cases are those of the specification and of its test suite."""

from __future__ import annotations

import pytest

from aias.tracing import of_headers, read_trace_parent, read_trace_state

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
VALID = f"00-{TRACE}-{SPAN}-01"


def test_a_valid_trace_parent_is_read() -> None:
    assert read_trace_parent([VALID]) == (TRACE, SPAN, "01")
    assert read_trace_parent([f"  {VALID}\t"]) == (TRACE, SPAN, "01")
    assert read_trace_parent([f"00-{TRACE}-{SPAN}-00"]) == (TRACE, SPAN, "00")


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert read_trace_parent([f"cc-{TRACE}-{SPAN}-01-what-the-future-holds"]) == (TRACE, SPAN, "01")
    assert read_trace_parent([f"cc-{TRACE}-{SPAN}-ff"]) == (TRACE, SPAN, "01")
    assert read_trace_parent([f"cc-{TRACE}-{SPAN}-01.what"]) is None


@pytest.mark.parametrize(
    "given",
    [
        "",
        "nonsense",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01-",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01\r\nX-Evil: 1",
        f"{VALID},{VALID}",
    ],
)
def test_an_invalid_trace_parent_is_ignored_and_a_new_trace_begins(given: str) -> None:
    context, parent = of_headers([given], ["vendor=1"], None)
    assert parent is None
    assert context.trace_id != TRACE
    assert read_trace_parent([context.trace_parent]) is not None
    assert context.trace_state is None, "a state belongs to its trace"


def test_two_trace_parents_are_none() -> None:
    assert read_trace_parent([VALID, VALID]) is None


def test_a_valid_one_is_gone_on_with_under_a_span_of_its_own() -> None:
    context, parent = of_headers([VALID], ["a=1", " b=2 ,"], "order-17")
    assert (context.trace_id, parent, context.trace_state) == (TRACE, SPAN, "a=1,b=2")
    assert context.correlation_id == "order-17"
    assert context.span_id != SPAN
    assert of_headers([VALID])[0].correlation_id == TRACE


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", None),
        ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        ("tenant@system=1", "tenant@system=1"),
        ("a=1,a=2", "a=1"),
        ("Upper=1", None),
        ("a=1,b", None),
        ("a=1,b=x=y", None),
        ("a=\x07", None),
        (",".join(f"k{n}=1" for n in range(32)), ",".join(f"k{n}=1" for n in range(32))),
        (",".join(f"k{n}=1" for n in range(33)), None),
        ("a=" + "x" * 256, "a=" + "x" * 256),
        ("a=" + "x" * 257, None),
    ],
)
def test_a_trace_state_is_passed_on_whole_or_not_at_all(given: str, read: str | None) -> None:
    assert read_trace_state([given]) == read


def test_a_trace_state_that_is_too_long_loses_its_long_members_first() -> None:
    long = "long=" + "x" * 200
    short = [f"k{n}=" + "y" * 40 for n in range(15)]
    read = read_trace_state([",".join([short[0], long, *short[1:]])])
    assert read is not None
    assert len(read) <= 512
    assert read.split(",") == short[: len(read.split(","))]
