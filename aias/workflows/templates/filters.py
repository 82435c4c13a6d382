"""The filters and tests of templates: jinja2's names where it has one, our own code, so that each pays for its work.

Every one is wrapped: an undefined value raises what it has to say, a wrong argument becomes a ``TemplateError``.
"""

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from jinja2 import Undefined, UndefinedError, pass_context

from aias.workflows.templates import list_filters, operators, text_filters
from aias.workflows.templates.budget import TemplateError, budget, kind_of, settled

Filter = Callable[..., Any]


def _paid(name: str, function: Filter, *, accepts_undefined: bool = False) -> Filter:
    """Wrap a filter or test: it pays, settles its arguments, and its own mistakes become template errors.

    Being passed the context keeps jinja2 from calling it while it compiles, where nobody's budget would pay.
    """

    @pass_context
    @functools.wraps(function)
    def wrapped(_context: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        budget().spend()
        if not accepts_undefined:
            settled(value)
            for argument in (*args, *kwargs.values()):
                settled(argument)
        try:
            return function(value, *args, **kwargs)
        except (TemplateError, UndefinedError):
            raise
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise TemplateError(f"{name}: {kind_of(value)} does not do: {error}") from None

    return wrapped


def _default(value: Any, fallback: Any = "", boolean: Any = None) -> Any:
    if isinstance(value, Undefined) or value is None or (boolean and not value):
        return settled(fallback)
    return value


def _is_defined(value: Any) -> bool:
    return not isinstance(value, Undefined)


def _is_undefined(value: Any) -> bool:
    return isinstance(value, Undefined)


def _number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _even(value: Any) -> bool:
    return operators.arithmetic("%", value, 2) == 0


def _divisible(value: Any, by: Any) -> bool:
    return operators.arithmetic("%", value, by) == 0


def _compared(sign: str) -> Filter:
    def test(value: Any, other: Any) -> bool:
        return operators.compare(value, sign, other)

    return test


def _internal_compare(value: Any, sign: str, other: Any) -> bool:
    return operators.compare(value, sign, other)


def _startswith(value: Any, start: Any) -> bool:
    return text_filters.text(value).startswith(text_filters.text(start))


def _endswith(value: Any, end: Any) -> bool:
    return text_filters.text(value).endswith(text_filters.text(end))


def _get(value: Any, key: Any, fallback: Any = None) -> Any:
    if not isinstance(value, dict):
        raise TemplateError(f"get looks into an object, not {kind_of(value)}")
    return cast("dict[str, Any]", value).get(key, fallback)


def _joined_by(value: Any, parts: Any) -> str:
    return list_filters.joined(parts, value)


_COMPARISONS = {
    "eq": ("eq", "equalto", "=="),
    "ne": ("ne", "!="),
    "gt": ("gt", "greaterthan", ">"),
    "gteq": ("ge", ">="),
    "lt": ("lt", "lessthan", "<"),
    "lteq": ("le", "<="),
    "in": ("in",),
}

_KINDS: dict[str, Callable[[Any], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "decimal": lambda value: isinstance(value, Decimal),
    "even": _even,
    "odd": lambda value: not _even(value),
    "false": lambda value: value is False,
    "float": lambda value: isinstance(value, float),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "iterable": lambda value: isinstance(value, list | tuple | dict | str),
    "mapping": lambda value: isinstance(value, dict),
    "none": lambda value: value is None,
    "number": _number,
    "sequence": lambda value: isinstance(value, list | tuple | str),
    "string": lambda value: isinstance(value, str),
    "true": lambda value: value is True,
}
_RELATIONS: dict[str, Filter] = {
    "divisibleby": _divisible,
    **{name: _compared(sign) for sign, names in _COMPARISONS.items() for name in names},
}

TESTS: dict[str, Filter] = {
    **{name: _paid(name, function) for name, function in {**_KINDS, **_RELATIONS}.items()},
    "defined": _paid("defined", _is_defined, accepts_undefined=True),
    "undefined": _paid("undefined", _is_undefined, accepts_undefined=True),
}
"""What may stand after ``is``."""

FILTERS: dict[str, Filter] = {
    name: _paid(name, function) for name, function in {**text_filters.FILTERS, **list_filters.FILTERS}.items()
} | {
    "default": _paid("default", _default, accepts_undefined=True),
    "d": _paid("d", _default, accepts_undefined=True),
}
"""What may stand after ``|``."""

INTERNAL_FILTERS: dict[str, Filter] = {
    "_compare": _paid("comparison", _internal_compare),
    "_concat": _paid("~", operators.concat),
    "_loop": _paid("for", operators.rounds),
    "_range": _paid("range", operators.numbers),
    "_slice": _paid("slice", operators.cut),
    "_startswith": _paid("startswith", _startswith),
    "_endswith": _paid("endswith", _endswith),
    "_get": _paid("get", _get),
    "_joined_by": _paid("join", _joined_by),
}
"""What only the rewriter writes."""

METHODS: dict[str, str] = {
    "capitalize": "capitalize",
    "endswith": "_endswith",
    "get": "_get",
    "items": "items",
    "join": "_joined_by",
    "keys": "keys",
    "lower": "lower",
    "replace": "replace",
    "split": "split",
    "startswith": "_startswith",
    "strip": "trim",
    "title": "title",
    "upper": "upper",
    "values": "values",
}
"""The methods that templates may call, and the filters that do them."""


def apply_filter(name: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a filter by name, for ``map``.

    Raises:
        TemplateError: there is none of that name.
    """
    if not isinstance(name, str) or name not in FILTERS:
        raise TemplateError(f"there is no filter {name!r:.60}")
    return FILTERS[name](None, value, *args, **kwargs)


def apply_test(name: Any, value: Any, *args: Any) -> bool:
    """Call a test by name, for ``select`` and ``reject``; none means truth itself.

    Raises:
        TemplateError: there is none of that name.
    """
    if name is None:
        return bool(settled(value))
    if not isinstance(name, str) or name not in TESTS:
        raise TemplateError(f"there is no test {name!r:.60}")
    return TESTS[name](None, value, *args)


list_filters.BY_NAME.update(filter=apply_filter, test=apply_test)
