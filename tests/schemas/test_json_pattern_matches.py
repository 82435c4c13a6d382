from __future__ import annotations

import pytest

from tests.schemas.calls import Connection, pattern_matches

# pattern, texts in which ECMA 262 finds it, texts in which it does not
MEANINGS = [
    ("^.$", ["a", "é", "😀", "\t"], ["", "\n", "\r", "\u2028", "\u2029", "ab"]),
    (r"^\d$", ["1"], ["a", "١", "１"]),
    (r"^\D$", ["a", "١", "\n"], ["1"]),
    (r"^\w$", ["a", "Z", "_", "9"], ["é", "-", "株"]),
    (r"^\W$", ["é", "-", "\n"], ["a", "_"]),
    (r"^\s$", [" ", "\t", "\n", "\v", "\f", "\r", "\u00a0", "\u2003", "\ufeff", "\u3000"], ["a", "\u200b", "\x1c"]),
    (r"^\S$", ["a", "\u200b"], [" ", "\u00a0"]),
    (r"^[\s\d]+$", ["1 2\u00a03"], ["1a"]),
    ("^[^a]$", ["b", "\n", "é"], ["a"]),
    ("^[a-z]$", ["a", "z"], ["A", "é", "ß"]),
    (r"^[\w.-]+$", ["a.b-c"], ["é", "a b"]),
    (r"^a\.b$", ["a.b"], ["axb"]),
    (r"^\\d$", ["\\d"], ["1"]),
    ("^a$", ["a"], ["a\n", "b\na", "A"]),
    (r"\.é", ["a.éa"], ["aé"]),
    ("^(?:|a|ab)$", ["", "a", "ab"], ["b"]),
    ("b", ["abc"], ["ac"]),
]


@pytest.mark.parametrize(("pattern", "found", "missing"), MEANINGS, ids=[m[0] for m in MEANINGS])
def test_a_pattern_means_what_ecma_262_says(tx: Connection, pattern: str, found: list[str], missing: list[str]) -> None:
    assert [text for text in found if not pattern_matches(tx, pattern, text)] == []
    assert [text for text in missing if pattern_matches(tx, pattern, text)] == []
