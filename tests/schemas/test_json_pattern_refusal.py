from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.schemas.calls import Connection, pattern_matches, pattern_refusal

ACCEPTED = [
    "",
    "^[A-Z]{3}$",
    r"^\S+@\S+\.\w{2,}$",
    "^gid://shopify/Order/[0-9]+$",
    r"^\d{4}-\d{2}-\d{2}$",
    "(a+)+$",
    "^(?:a|b|)$",
    "^.{1,255}$",
    r"^[\w.+-]+$",
    r"[\d\s.]",
    r"[^\]\[\\^-]",
    "[a^b]",
    "[-a]",
    "[a-]",
    "[!-~]",
    "é+",
    "|",
    "()",
    r"\u00e9",
    r"[\u0020-\u007e]",
    r"\/\-\@\#\ ".rstrip() + r"\.",
    "株式",
    "a{0}b{255}",
    "^a$|^b$",
]

REFUSED = [
    ("(?=a)", "uses (?=, which is not supported"),
    ("(?!a)", "uses (?!, which is not supported"),
    ("(?<=a)", "uses (?<, which is not supported"),
    ("(?<n>a)", "uses (?<, which is not supported"),
    ("(?i)a", "uses (?i, which is not supported"),
    (r"(a)\1", r"uses \1, which is not supported"),
    (r"\bword", r"uses \b, which is not supported"),
    (r"\Aa", r"uses \A, which is not supported"),
    (r"\ma", r"uses \m, which is not supported"),
    (r"\p{L}", r"uses \p, which is not supported"),
    (r"\x41", r"uses \x, which is not supported"),
    (r"\0", r"uses \0, which is not supported"),
    (r"\u0000", r"uses \u0000, which is not supported"),
    (r"\ud83d", r"uses \ud83d, which is not supported"),
    (r"\u12", r"uses \u, which is not supported"),
    (r"\_", r"uses \_, which is not supported"),
    ("a\\", "uses \\, which is not supported"),
    ("a*?", "uses a second quantifier, ? (lazy and possessive ones are not supported)"),
    ("a++", "uses a second quantifier, + (lazy and possessive ones are not supported)"),
    ("*a", "repeats nothing by *"),
    ("a|*", "repeats nothing by *"),
    ("(+)", "repeats nothing by +"),
    ("***=a", "repeats nothing by *"),
    ("^*", "repeats ^ or $ by *"),
    ("(a|$)+", "repeats ^ or $ by +"),
    ("a{3,2}", "has its bounds in the wrong order in {3,2}"),
    ("a{256}", "repeats more than 255 times by {256}"),
    ("a{1000}", "has a bare { (write \\{ for the character)"),
    ("a{,3}", "has a bare { (write \\{ for the character)"),
    ("a}", "has a bare } (write \\} for the character)"),
    ("a]", "has a bare ] (write \\] for the character)"),
    ("(a", "does not close a group"),
    ("a)", "closes a group that was not opened"),
    ("[a", "does not close a class"),
    ("[a\\", "does not close a class"),
    ("[]", "has an empty class"),
    ("[^]", "has an empty class"),
    ("[z-a]", "has a range in the wrong order in [z-a]"),
    (r"[\u0062-a]", r"has a range in the wrong order in [\u0062-a]"),
    ("[[:alpha:]]", "has the class [[:alpha:], of which some part is not supported"),
    (r"[\w-z]", r"has the class [\w-z], of which some part is not supported"),
    (r"[\D]", r"has the class [\D], of which some part is not supported"),
    (r"[\b]", r"has the class [\b], of which some part is not supported"),
    ("[a--]", "has the class [a--], of which some part is not supported"),
    ("a" * 501, "is longer than 500 characters"),
]

COMPLEX = ["(a{100}){100}", "(((a{9}){9}){9}){9}", "a?" * 51, "(a?){51}", "(^|$)" * 6, "(" * 31 + ")" * 31]


@pytest.mark.parametrize("pattern", ACCEPTED)
def test_a_pattern_that_means_the_same_everywhere_is_accepted(tx: Connection, pattern: str) -> None:
    assert pattern_refusal(tx, pattern) is None
    pattern_matches(tx, pattern, "a")
    pattern_matches(tx, pattern, "é")


@pytest.mark.parametrize(("pattern", "reason"), REFUSED, ids=[pattern[:30] for pattern, _ in REFUSED])
def test_another_pattern_is_refused_with_its_reason(tx: Connection, pattern: str, reason: str) -> None:
    assert pattern_refusal(tx, pattern) == reason


@pytest.mark.parametrize("pattern", COMPLEX)
def test_a_pattern_that_would_take_long_to_compile_is_refused(tx: Connection, pattern: str) -> None:
    assert (pattern_refusal(tx, pattern) or "").startswith("is too complex")


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=500
)
@given(pattern=st.text(r"ab1.\[]^$(){}?*+|-,:=!<dwsDSbux0é/ ", max_size=12))
def test_whatever_is_accepted_compiles(tx: Connection, pattern: str) -> None:
    if pattern_refusal(tx, pattern) is None:
        pattern_matches(tx, pattern, "ab")
        pattern_matches(tx, pattern, "a\né")
