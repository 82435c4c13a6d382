"""Operators of templates, paid for, and exact where money is concerned.

Amounts travel as texts ("12.30"): a JSON number is a binary float and loses cents. ``|decimal`` turns one into a
decimal, arithmetic of decimals is exact, and a decimal leaves a template as a text again.
"""

import decimal
import json
import math
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, cast

from jinja2.runtime import LoopContext

from aias.workflows.json_values import MAX_DEPTH, scalar_trouble
from aias.workflows.templates.budget import MAX_RESULT, TemplateError, budget, kind_of, settled

_MAX_BITS: Final = 1020
"""Of an integer: 308 digits are what JSON carries."""
_MAX_EXPONENT: Final = 1000
_MAX_ADJUSTED: Final = 60
"""Of a decimal: more digits before the point, or zeros after it, are no amount of anything."""

_CONTEXT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_UP,
    Emin=-_MAX_ADJUSTED,
    Emax=_MAX_ADJUSTED,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)

_OPERATOR: Any = operator
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": _OPERATOR.add,
    "-": _OPERATOR.sub,
    "*": _OPERATOR.mul,
    "/": _OPERATOR.truediv,
    "//": _OPERATOR.floordiv,
    "%": _OPERATOR.mod,
    "**": _OPERATOR.pow,
}
_COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


def to_decimal(value: Any) -> Decimal:
    """Read a number or a text as an exact decimal; a float by its shortest form, so that 0.1 is 0.1.

    Raises:
        TemplateError: it is no number, or none of a sensible size.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TemplateError(f"{kind_of(value)} is no decimal")
    text = repr(value) if isinstance(value, float) else str(value).strip()
    if len(text) > 2 * _MAX_ADJUSTED or not text.isascii() or "_" in text:
        raise TemplateError(f"{text[:40]!r} is no decimal")
    try:
        found = Decimal(text)
    except decimal.InvalidOperation:
        raise TemplateError(f"{text[:40]!r} is no decimal") from None
    if not found.is_finite() or abs(found.adjusted()) > _MAX_ADJUSTED:
        raise TemplateError(f"{text[:40]!r} is no decimal of a sensible size")
    return found


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    """Carry out one operator.

    Raises:
        TemplateError: the operands don't fit it, or the result would be too large.
    """
    budget().spend()
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        budget().allocate(len(left) + len(right))
        return left + right
    if sign == "+" and _both_lists(left, right):
        budget().allocate(8 * (len(left) + len(right)))
        return left + right
    for value in cast("tuple[Any, Any]", (left, right)):
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            hint = "; join texts with ~" if sign == "+" and isinstance(value, str) else ""
            hint = "; use |decimal or |int" if isinstance(value, str) and sign != "+" else hint
            raise TemplateError(f"{sign} takes numbers, not {kind_of(left)} and {kind_of(right)}{hint}")
    if {type(left), type(right)} == {float, Decimal}:
        raise TemplateError(f"{sign} can't mix a decimal with a binary fraction: use |decimal on both")
    _bound_integers(sign, left, right)
    try:
        with decimal.localcontext(_CONTEXT):
            result = _ARITHMETIC[sign](left, right)
    except ZeroDivisionError:  # decimal.DivisionByZero is one
        raise TemplateError("division by zero") from None
    except (ArithmeticError, ValueError):
        raise TemplateError(f"{sign} has no result of a sensible size") from None
    if isinstance(result, complex) or (isinstance(result, float) and not math.isfinite(result)):
        raise TemplateError(f"{sign} has no finite result")
    return result


def _both_lists(left: Any, right: Any) -> bool:
    return isinstance(left, list) and isinstance(right, list)


def _bound_integers(sign: str, left: Any, right: Any) -> None:
    """Refuse what would make an integer of more than 308 digits, before it is made."""
    if sign == "**":
        if abs(right) > _MAX_EXPONENT:
            raise TemplateError(f"** takes an exponent of at most {_MAX_EXPONENT:,}")
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > _MAX_BITS:
            raise TemplateError("** would make too large a number")
    elif isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > _MAX_BITS:
        raise TemplateError(f"{sign} would make too large a number")


def compare(value: Any, sign: str, other: Any) -> bool:
    """Compare two values; ``in`` and ``notin`` look into a list, an object's keys or a text.

    Raises:
        TemplateError: they can't be compared.
    """
    left, right = settled(value), settled(other)
    for side in (left, right):
        if isinstance(side, str | dict | list | tuple):
            budget().weigh(side)
    budget().spend()
    if sign in {"in", "notin"}:
        if isinstance(right, str) and not isinstance(left, str):
            raise TemplateError(f"only a text can be in a text, not {kind_of(left)}")
        if not isinstance(right, str | dict | list | tuple):
            raise TemplateError(f"nothing is in {kind_of(right)}")
        if isinstance(right, dict) and not isinstance(left, str):
            return sign == "notin"
        return (left in right) == (sign == "in")
    try:
        return bool(_COMPARISONS[sign](left, right))
    except TypeError:
        raise TemplateError(
            f"{kind_of(left)} and {kind_of(right)} can't be put in order; use |decimal, |int or |string"
        ) from None


def concat(*parts: Any) -> str:
    """Join values as texts: the operator ``~``."""
    texts = [as_text(part) for part in parts]
    budget().allocate(sum(len(text) for text in texts))
    return "".join(texts)


def cut(value: Any, start: Any, stop: Any, step: Any) -> Any:
    """Cut a slice of a list or a text."""
    settled(value)
    if not isinstance(value, str | list | tuple):
        raise TemplateError(f"{kind_of(value)} has no slices")
    for bound in (start, stop, step):
        if bound is not None and (isinstance(bound, bool) or not isinstance(bound, int)):
            raise TemplateError(f"a slice has whole numbers as its bounds, not {kind_of(bound)}")
    if step == 0:
        raise TemplateError("a slice can't step by 0")
    sequence = cast("str | list[Any]", value)
    budget().allocate(len(sequence))
    return sequence[start:stop:step]


def as_text(value: Any) -> str:
    """Give the text that a value leaves inside other text: null leaves none, truth as JSON writes it."""
    settled(value)
    if isinstance(value, str):
        text = value
    elif value is None:
        text = ""
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, Decimal):
        text = format(value, "f")
    else:
        text = as_json(value) if isinstance(value, dict | list | tuple) else str(plain(value))
    budget().allocate(len(text))
    return text


def as_json(value: Any, *, indent: int | None = None) -> str:
    """Give the value's JSON."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=indent)


def plain(value: Any) -> Any:
    """Give plain JSON values: decimals as texts, tuples as lists.

    Raises:
        TemplateError: something in it is no JSON, or it is too large.
    """
    budget().weigh(value)
    return _plain(value, 0)


def _plain(value: Any, depth: int) -> Any:
    settled(value)
    if value is None or isinstance(value, str | bool | int | float):
        if (trouble := scalar_trouble(value)) is not None:
            raise TemplateError(f"{kind_of(value)} {trouble}")
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if depth > MAX_DEPTH:
        raise TemplateError("a value is nested too deep")
    if isinstance(value, Mapping):
        members = cast("Mapping[Any, Any]", value)
        for key in members:
            if not isinstance(key, str):
                raise TemplateError(f"the key of an object is a text, not {kind_of(key)}")
        return {key: _plain(item, depth + 1) for key, item in members.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in cast("list[Any]", value)]
    if isinstance(value, LoopContext):
        raise TemplateError("loop is no value")
    raise TemplateError(f"{kind_of(value)} is no JSON value")


def rounds(value: Any, size: int) -> Any:
    """Walk through what a ``for`` walks through, paying ``size`` for each round."""
    settled(value)
    if not isinstance(value, list | tuple | str | dict):
        raise TemplateError(f"for walks through a list, not {kind_of(value)}")
    own = budget()
    for item in cast("list[Any]", value):
        own.spend(size)
        yield item


def numbers(start: Any, stop: Any = None, step: Any = 1) -> list[int]:
    """Count as Python's ``range`` does, at most 1,000 numbers."""
    for bound in (start, stop, step):
        if bound is not None and (isinstance(bound, bool) or not isinstance(settled(bound), int)):
            raise TemplateError(f"range takes whole numbers, not {kind_of(bound)}")
    if step == 0:
        raise TemplateError("range can't step by 0")
    found = range(start) if stop is None else range(start, stop, step)
    try:
        count = len(found)
    except OverflowError:
        count = MAX_RESULT
    if count > _MAX_RANGE:
        raise TemplateError(f"range counts at most {_MAX_RANGE:,} numbers")
    budget().allocate(8 * count)
    return list(found)


_MAX_RANGE: Final = 1000

__all__ = [
    "arithmetic",
    "as_json",
    "as_text",
    "compare",
    "concat",
    "cut",
    "numbers",
    "plain",
    "rounds",
    "to_decimal",
]
