"""An input that is shown without its secrets, edited, and given back: only what was changed is taken."""

from __future__ import annotations

import json
from typing import Any, cast

from aias.errors import InvalidArgument
from aias.redaction import MASK, scrub_value
from aias.workflows import json_problems, load_json

__all__ = ["as_text", "change_of", "object_of"]

_ARGUMENT = "input"


def as_text(value: Any) -> str:
    """Write a JSON value for people to read."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def object_of(text: str) -> dict[str, Any]:
    """Read a JSON object that somebody typed; nothing but spaces is an empty one.

    Raises:
        InvalidArgument: it is not JSON, no object, or can't be kept.
    """
    try:
        value: Any = load_json(text) if text.strip() else {}
    except ValueError as error:
        raise InvalidArgument(f"that is not JSON: {error}", argument=_ARGUMENT) from None
    problems = json_problems(value)
    if problems:
        raise InvalidArgument("; ".join(str(one) for one in problems[:5]), argument=_ARGUMENT)
    if not isinstance(value, dict):
        raise InvalidArgument("that is not a JSON object: it begins with { and ends with }", argument=_ARGUMENT)
    return cast("dict[str, Any]", value)


def change_of(original: dict[str, Any], edited: dict[str, Any]) -> dict[str, Any]:
    """Give the merge patch (RFC 7396) from an input, which was shown by ``scrub_value``, to what was made of it.

    What stayed as it was shown stays as it is, hidden or not.

    Raises:
        InvalidArgument: what was changed still has a hidden part, or is a list that was not shown whole.
    """
    return _change(original, scrub_value(original), edited, "$")


def _change(original: Any, shown: dict[str, Any], edited: dict[str, Any], path: str) -> dict[str, Any]:
    patch: dict[str, Any] = {name: None for name in shown if name not in edited}
    for name, value in edited.items():
        here = f"{path}.{name}"
        if name not in shown:
            patch[name] = _whole(value, here)
        elif value != shown[name] or type(value) is not type(shown[name]):
            was = cast("dict[str, Any]", original).get(name)
            patch[name] = _changed(was, shown[name], value, here)
    return patch


def _changed(was: Any, shown: Any, value: Any, path: str) -> Any:
    if isinstance(value, dict) and isinstance(shown, dict) and isinstance(was, dict):
        return _change(was, cast("dict[str, Any]", shown), cast("dict[str, Any]", value), path)
    if isinstance(value, list) and shown != was:
        message = f"{path} is a list with hidden parts: it can't be edited here, only left as it is or taken out"
        raise InvalidArgument(message, argument=_ARGUMENT)
    return _whole(value, path)


def _whole(value: Any, path: str) -> Any:
    if MASK in json.dumps(value, ensure_ascii=False):
        raise InvalidArgument(f"{path} was changed and still says {MASK}: write what it is", argument=_ARGUMENT)
    return value
