"""What differs between two texts, line beside line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

__all__ = ["DiffRow", "compare"]

_CONTEXT = 3
_MOST_LINES = 4000
"""Of either text: comparing takes time by the square of it at the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRow:
    """A line of the old text beside one of the new; a side without a number has none."""

    kind: Literal["same", "changed", "removed", "added", "gap"]
    old_number: int | None = None
    old: str = ""
    new_number: int | None = None
    new: str = ""


def compare(old: str, new: str) -> list[DiffRow]:
    """Give the lines that differ, each with three lines around it; a ``gap`` stands for what is left out between.

    Nothing differs: no rows. Of texts of more than 4,000 lines the first 4,000 are compared.
    """
    before, after = old.splitlines()[:_MOST_LINES], new.splitlines()[:_MOST_LINES]
    rows: list[DiffRow] = []
    for group in difflib.SequenceMatcher(None, before, after).get_grouped_opcodes(_CONTEXT):
        if rows:
            rows.append(DiffRow(kind="gap"))
        for tag, old_from, old_to, new_from, new_to in group:
            rows += _beside(before, after, range(old_from, old_to), range(new_from, new_to), is_same=tag == "equal")
    return rows


def _beside(before: list[str], after: list[str], old: range, new: range, *, is_same: bool) -> Iterator[DiffRow]:
    for left, right in zip_longest(old, new):
        if left is None:
            yield DiffRow(kind="added", new_number=right + 1, new=after[right])
        elif right is None:
            yield DiffRow(kind="removed", old_number=left + 1, old=before[left])
        else:
            yield DiffRow(
                kind="same" if is_same else "changed",
                old_number=left + 1,
                old=before[left],
                new_number=right + 1,
                new=after[right],
            )
