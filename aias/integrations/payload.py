"""JSON to and from the outside: bounded, exact, and storable."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn, cast

__all__ = ["dumps", "loads", "storable"]

_LONGEST_NUMBER = 308
"""Characters: no number that means something is longer, and reading longer ones costs quadratic time."""

_UNSTORABLE_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def loads(body: bytes) -> Any:
    """Read JSON in UTF-8: numbers with a point as ``Decimal``, text without what PostgreSQL can't store.

    NUL and lone surrogates in strings become the replacement character.

    Raises:
        ValueError: not JSON, not UTF-8, nested too deeply, or a number without measure; the message says which.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    try:
        value = json.loads(text, parse_int=_whole, parse_float=_decimal, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error.msg} at {error.pos} of {len(text)})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return storable(value) if _UNSTORABLE_ESCAPE.search(body) else value


def dumps(value: Any) -> bytes:
    """Write JSON for an upstream; decimals become strings, exact to the last digit.

    Raises:
        ValueError: NaN or infinity.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain).encode()


def storable(value: Any) -> Any:
    """Give the same JSON value with NUL and lone surrogates in its strings and keys replaced."""
    match value:
        case str():
            return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        case list():
            return [storable(item) for item in cast("list[Any]", value)]
        case dict():
            return {storable(key): storable(item) for key, item in cast("dict[str, Any]", value).items()}
        case _:
            return value


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} is not JSON")


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError("it holds a number of absurd length")
    return int(digits)


def _decimal(digits: str) -> Decimal:
    number = Decimal(digits)
    # 1e5000 is six characters, and PostgreSQL's numeric or a float at the other end would choke on it.
    if len(digits) > _LONGEST_NUMBER or abs(number.adjusted()) > _LONGEST_NUMBER:
        raise ValueError("it holds a number of absurd size")
    return number


def _constant(name: str) -> NoReturn:
    raise ValueError(f"it holds {name}, which is not JSON")
