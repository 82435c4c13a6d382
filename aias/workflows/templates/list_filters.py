"""Filters of templates for lists and objects."""

import functools
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, cast

from aias.workflows.templates import operators
from aias.workflows.templates.budget import TemplateError, budget, kind_of, settled

_MISSING = object()

BY_NAME: dict[str, Callable[..., Any]] = {}
"""How ``map`` and ``select`` call a filter or a test by name; ``filters`` fills it, which knows them all."""


def listed(value: Any) -> list[Any]:
    """Give a list of what can be walked through, paying for it.

    Raises:
        TemplateError: nothing can.
    """
    if not isinstance(value, list | tuple | dict | str):
        raise TemplateError(f"takes a list, not {kind_of(value)}")
    items = list(cast("Iterable[Any]", value))
    budget().allocate(8 * len(items))
    budget().spend(len(items))
    return items


def member(value: Any, attribute: Any, fallback: Any = _MISSING) -> Any:
    """Follow ``a.b.0`` into a value.

    Raises:
        TemplateError: a part of the way is not there, and there is no fallback.
    """
    parts = attribute.split(".") if isinstance(attribute, str) else [attribute]
    for part in parts:
        budget().spend()
        if isinstance(value, dict) and part in value:
            value = cast("dict[str, Any]", value)[part]
        elif isinstance(value, list | tuple) and str(part).isdecimal() and int(part) < len(cast("list[Any]", value)):
            value = cast("list[Any]", value)[int(part)]
        elif fallback is not _MISSING:
            return fallback
        else:
            raise TemplateError(f"{part!r:.60} of {attribute!r:.60} is not there")
    return value


def joined(value: Any, separator: Any = "", attribute: Any = None) -> str:
    """Join the items as texts."""
    items = listed(value)
    if attribute is not None:
        items = [member(item, attribute) for item in items]
    between = operators.as_text(separator)
    budget().allocate(len(between) * max(0, len(items) - 1))
    texts = [operators.as_text(item) for item in items]
    budget().allocate(sum(len(text) for text in texts))
    return between.join(texts)


def _map(value: Any, *args: Any, attribute: Any = None, default: Any = _MISSING, **kwargs: Any) -> list[Any]:
    items = listed(value)
    if attribute is not None:
        if args or kwargs:
            raise TemplateError("map takes a filter or attribute=, not both")
        return [member(item, attribute, default) for item in items]
    if not args:
        raise TemplateError("map takes a filter or attribute=")
    return [BY_NAME["filter"](args[0], item, *args[1:], **kwargs) for item in items]


def _select(value: Any, test: Any = None, *args: Any) -> list[Any]:
    return [item for item in listed(value) if BY_NAME["test"](test, item, *args)]


def _reject(value: Any, test: Any = None, *args: Any) -> list[Any]:
    return [item for item in listed(value) if not BY_NAME["test"](test, item, *args)]


def _attribute(item: Any, attribute: Any) -> Any:
    """Like ``member``, but what is not there is null, so that a filter over uneven objects can ask for it."""
    return member(item, attribute, None)


def _select_attribute(value: Any, attribute: Any, test: Any = None, *args: Any) -> list[Any]:
    return [item for item in listed(value) if BY_NAME["test"](test, _attribute(item, attribute), *args)]


def _reject_attribute(value: Any, attribute: Any, test: Any = None, *args: Any) -> list[Any]:
    return [item for item in listed(value) if not BY_NAME["test"](test, _attribute(item, attribute), *args)]


def _order(item: Any, attribute: Any, case_sensitive: Any) -> Any:
    key = item if attribute is None else member(item, attribute)
    if isinstance(key, str):
        budget().spend(1 + len(key) // 64)
        return key if case_sensitive is True else key.casefold()
    if isinstance(key, bool) or not isinstance(key, int | float | Decimal):
        raise TemplateError(f"{kind_of(key)} has no order; name the texts or numbers to sort by with attribute=")
    return key


def _sort(value: Any, *, reverse: Any = False, case_sensitive: Any = False, attribute: Any = None) -> list[Any]:
    items = listed(value)
    budget().spend(len(items) * max(1, len(items).bit_length()))
    keys = functools.partial(_order, attribute=attribute, case_sensitive=case_sensitive)
    return sorted(items, key=keys, reverse=bool(reverse))


def _extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    def find(value: Any, *, case_sensitive: Any = False, attribute: Any = None) -> Any:
        items = listed(value)
        if not items:
            raise TemplateError("the list is empty")
        return choose(items, key=functools.partial(_order, attribute=attribute, case_sensitive=case_sensitive))

    return find


def _sum(value: Any, attribute: Any = None, start: Any = 0) -> Any:
    total = start
    for item in listed(value):
        total = operators.arithmetic("+", total, settled(item if attribute is None else member(item, attribute)))
    return total


def _mark(key: Any) -> str:
    """A text that is the same for equal values."""
    mark = json.dumps(operators.plain(key), sort_keys=True)
    budget().allocate(len(mark))
    return mark


def _unique(value: Any, *, case_sensitive: Any = False, attribute: Any = None) -> list[Any]:
    seen: set[str] = set()
    found: list[Any] = []
    for item in listed(value):
        key = item if attribute is None else member(item, attribute)
        if isinstance(key, str) and case_sensitive is not True:
            key = key.casefold()
        mark = _mark(key)
        if mark not in seen:
            seen.add(mark)
            found.append(item)
    return found


def _group(value: Any, attribute: Any, default: Any = _MISSING) -> list[dict[str, Any]]:
    """Group as ``[{"grouper": key, "list": [...]}]``, in the order of first appearance."""
    groups: dict[str, dict[str, Any]] = {}
    for item in listed(value):
        key = member(item, attribute, default)
        mark = _mark(key)
        groups.setdefault(mark, {"grouper": key, "list": []})["list"].append(item)
    return list(groups.values())


def _end(value: Any, position: int) -> Any:
    items = listed(value)
    if not items:
        raise TemplateError("the list is empty")
    return items[position]


def _length(value: Any) -> int:
    if not isinstance(value, list | tuple | dict | str):
        raise TemplateError(f"{kind_of(value)} has no length")
    return len(cast("list[Any]", value))


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TemplateError(f"takes an object, not {kind_of(value)}")
    return cast("dict[str, Any]", value)


def _pairs(value: Any) -> list[list[Any]]:
    members = _object(value)
    budget().allocate(16 * len(members))
    return [[key, item] for key, item in members.items()]


def _sorted_pairs(value: Any, *, reverse: Any = False) -> list[list[Any]]:
    return sorted(_pairs(value), key=lambda pair: str(pair[0]), reverse=bool(reverse))


def _merge(value: Any, other: Any) -> dict[str, Any]:
    """The members of both, the other's winning."""
    left, right = _object(value), _object(other)
    budget().allocate(16 * (len(left) + len(right)))
    return {**left, **right}


def _keys(value: Any) -> list[Any]:
    return listed(_object(value))


def _values(value: Any) -> list[Any]:
    return listed(list(_object(value).values()))


def _reverse(value: Any) -> Any:
    return value[::-1] if isinstance(value, str) else listed(value)[::-1]


def _first(value: Any) -> Any:
    return _end(value, 0)


def _last(value: Any) -> Any:
    return _end(value, -1)


FILTERS: dict[str, Callable[..., Any]] = {
    "count": _length,
    "dictsort": _sorted_pairs,
    "first": _first,
    "groupby": _group,
    "items": _pairs,
    "join": joined,
    "keys": _keys,
    "last": _last,
    "length": _length,
    "list": listed,
    "map": _map,
    "max": _extreme(max),
    "merge": _merge,
    "min": _extreme(min),
    "reject": _reject,
    "rejectattr": _reject_attribute,
    "reverse": _reverse,
    "select": _select,
    "selectattr": _select_attribute,
    "sort": _sort,
    "sum": _sum,
    "unique": _unique,
    "values": _values,
}
