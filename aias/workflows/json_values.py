"""What JSON may hold here: the limits that PostgreSQL and every reader of its JSON can keep."""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn, cast

from aias.errors import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_NODES = 200_000
MAX_DIGITS = 308
_INTEGER_LIMIT = 10**MAX_DIGITS
_KINDS: set[type] = {dict, list, str, int, float, bool, type(None)}


def child(path: str, key: str | int) -> str:
    """The JSON path of a member: ``$.steps[2]``, or ``$['odd key']`` where the key is no plain word."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if key.isascii() and key.isidentifier() else f"{path}[{key[:60]!r}]"


def json_problems(value: Any, *, most: int = 20) -> list[Problem]:
    """Everything in ``value`` that is no JSON, or none that PostgreSQL stores: at most ``most`` problems.

    Walks without recursion, so that neither depth nor shared parts (a YAML alias in an alias) can exhaust anything.
    """
    if _is_plain(value):
        return []
    problems: list[Problem] = []
    stack: list[tuple[Any, str, int]] = [(value, "$", 0)]
    nodes = size = 0
    while stack and len(problems) < most:
        node, path, depth = stack.pop()
        nodes += 1
        size += len(node) if isinstance(node, str) else 1
        if nodes > MAX_NODES or size > MAX_BYTES:
            return [Problem(path="$", message=f"larger than {MAX_NODES:,} values or {MAX_BYTES:,} characters")]
        if isinstance(node, dict | list) and depth >= MAX_DEPTH:
            problems.append(Problem(path=path, message=f"nested deeper than {MAX_DEPTH} levels"))
        elif isinstance(node, dict):
            members = cast("dict[Any, Any]", node)
            problems += (Problem(path=path, message=f"the key {key!r:.60}: {what}") for key, what in _bad_keys(members))
            size += sum(len(key) for key in members if isinstance(key, str))
            stack += ((item, child(path, str(key)), depth + 1) for key, item in reversed(members.items()))
        elif isinstance(node, list):
            items = list(enumerate(cast("list[Any]", node)))
            stack += ((item, child(path, index), depth + 1) for index, item in reversed(items))
        elif (trouble := scalar_trouble(node)) is not None:
            problems.append(Problem(path=path, message=trouble))
    return problems


def _is_plain(value: Any) -> bool:
    """Whether it is seen at a glance, level by level, that there is no problem; False may still be none."""
    level: list[Any] = [value]
    nodes = size = 0
    for depth in range(MAX_DEPTH + 1):
        kinds: set[type] = set(map(type, level))
        if not kinds <= _KINDS:
            return False
        text = "".join([node for node in level if type(node) is str])
        numbers = (node for node in level if type(node) is int or type(node) is float)
        size += len(text)
        nodes += len(level)
        is_good = "\x00" not in text and (text.isascii() or _is_whole(text))
        if not is_good or not all(-_INTEGER_LIMIT < number < _INTEGER_LIMIT for number in numbers):
            return False
        below = _members_of(level, MAX_NODES - nodes) if dict in kinds or list in kinds else []
        if below is None or size + nodes > MAX_BYTES or (depth == MAX_DEPTH and kinds & {dict, list}):
            return False
        if not below:
            return True
        level = below
    return False


def _members_of(level: list[Any], most: int) -> list[Any] | None:
    """Give what objects and lists hold, keys among it; None where that is too much, or a key is no text."""
    found: list[Any] = []
    for node in level:
        if isinstance(node, dict):
            members = cast("dict[Any, Any]", node)
            if set(map(type, members)) - {str}:
                return None
            found += members
            found += members.values()
        elif isinstance(node, list):
            found += cast("list[Any]", node)
        if len(found) > most:
            return None
    return found


def _bad_keys(members: dict[Any, Any]) -> Iterator[tuple[Any, str]]:
    for key in members:
        if not isinstance(key, str):
            yield key, "is not a text"
        elif (trouble := scalar_trouble(key)) is not None:
            yield key, trouble


def scalar_trouble(value: Any) -> str | None:
    """Why a single value can't be stored as JSON, or none."""
    trouble: str | None = None
    if isinstance(value, str):
        if "\x00" in value:
            trouble = "holds the character U+0000, which PostgreSQL can't store"
        elif not (value.isascii() or _is_whole(value)):
            trouble = "holds half of a surrogate pair"
    elif value is None or isinstance(value, bool):
        pass
    elif isinstance(value, int):
        if not -_INTEGER_LIMIT < value < _INTEGER_LIMIT:
            trouble = f"has more than {MAX_DIGITS} digits"
    elif isinstance(value, float):
        if not math.isfinite(value):
            trouble = "is not a finite number"
    else:
        trouble = f"a {type(value).__name__} is not JSON"
    return trouble


def _is_whole(text: str) -> bool:
    """Whether a text holds no half of a surrogate pair, which UTF-8 can't write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def load_json(text: str) -> Any:
    """Read JSON strictly: no duplicate keys, no NaN, no endless numbers. Use ``json_problems`` on what comes back.

    Raises:
        ValueError: it is no such JSON.
    """
    try:
        return json.loads(text, object_pairs_hook=_members, parse_int=_integer, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels") from None


def _members(items: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(items)
    if len(members) < len(items):
        seen: set[str] = set()
        for key, _ in items:
            if key in seen:
                raise ValueError(f"the key {key!r:.60} appears twice")
            seen.add(key)
    return members


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
