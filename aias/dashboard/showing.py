"""How the pages of work write values: without secrets and personal data, and states as classes of the style."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from aias.dashboard.editing import as_text
from aias.redaction import scrub, scrub_value

__all__ = ["FILTERS", "state_class"]

_LONGEST: Final = 20_000
"""Characters of one value: a page stays small whatever a step gave."""


def _scrubbed(text: Any) -> str:
    return scrub(str(text), is_block=True)


def _shown(value: Any) -> str:
    text = as_text(scrub_value(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n... and {len(text) - _LONGEST:,} characters more"


def state_class(word: str) -> str:
    """Give the class of a state: what is no letter or digit becomes a dash."""
    return "is-" + "".join(one if one.isascii() and one.isalnum() else "-" for one in word)


FILTERS: Final[dict[str, Callable[[Any], str]]] = {
    "scrubbed": _scrubbed,
    "shown": _shown,
    "state_class": state_class,
}
"""For templates: ``scrubbed`` a text, ``shown`` a JSON value, ``state_class`` a word."""
