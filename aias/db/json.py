"""JSON out of PostgreSQL, within bounds.

PostgreSQL's ``jsonb`` takes numbers of any size: ``1e5000`` in a job's arguments is an integer of 5,001 digits, which
Python refuses to read (it guards itself against quadratic time), and every worker that meets such a row would die of
it. Here a number that is too large is an error of ours with a plain message, raised where the value is read.
"""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = ["MAX_DIGITS", "loads"]

MAX_DIGITS = 308
"""As many digits as the largest double has; nothing that other systems read as a number is larger."""


def _integer(text: str) -> int:
    if len(text) - text.startswith("-") > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits is out of range (at most {MAX_DIGITS})")
    return int(text)


def _fraction(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:20]} is out of range")
    return value


def _constant(text: str) -> float:
    raise ValueError(f"{text} is not a JSON number")


# made once: json.loads makes a decoder per call when it is given such functions
_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_fraction, parse_constant=_constant)


def loads(text: str | bytes) -> Any:
    """Read JSON; numbers beyond a double's range and nesting beyond Python's stack are refused.

    Raises:
        ValueError: not JSON, or out of bounds.
    """
    try:
        return _DECODER.decode(text if isinstance(text, str) else str(text, "utf-8"))
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
