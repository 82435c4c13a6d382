"""From text to a definition: YAML or JSON, bounded in size and depth, with every problem told at once.

YAML is read from the parser's events rather than through its constructors: that leaves JSON's types only (``no`` and
dates stay texts, as in YAML 1.2), refuses duplicate keys with their line, and bounds what aliases can expand to.
"""

import re
from typing import Any, Literal, NoReturn, cast

import yaml
from pydantic import ValidationError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from aias.errors import DefinitionError, Problem
from aias.workflows.json_values import MAX_BYTES, MAX_DEPTH, MAX_DIGITS, MAX_NODES, child, json_problems, load_json
from aias.workflows.models import NAME_PATTERN, Definition

Format = Literal["yaml", "json"]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_TAGS = {f"tag:yaml.org,2002:{kind}": kind for kind in ("str", "int", "float", "bool", "null", "map", "seq")}
_CLOSED = object()
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"


def parse_definition(source: str | bytes | dict[str, Any], format: Format | None = None) -> Definition:
    """Read a definition whose structure is right; what it means is for ``validate`` to judge.

    Without ``format`` a text that starts with ``{`` is JSON and any other YAML.

    Raises:
        DefinitionError: every problem of the text or of the structure, each with its JSON path.
    """
    return definition_of(parse_document(source, format))


def definition_of(raw: dict[str, Any]) -> Definition:
    """Give the model of a parsed document.

    Raises:
        DefinitionError: every problem of its structure.
    """
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        raise DefinitionError(structure_problems(error, raw)) from None


def parse_document(source: str | bytes | dict[str, Any], format: Format | None = None) -> dict[str, Any]:
    """Read a text into plain JSON values, whatever its keys.

    Raises:
        DefinitionError: it is too large, malformed, or no JSON object.
    """
    if isinstance(source, dict):
        value: Any = source
    else:
        text = _decoded(source)
        if format == "json" or (format is None and text.lstrip().startswith("{")):
            value = _parse_json(text)
        else:
            value = _parse_yaml(text)
    if problems := json_problems(value):
        raise DefinitionError(problems)
    if not isinstance(value, dict):
        _refuse("$", "a definition is an object with name and steps")
    return cast("dict[str, Any]", value)


def structure_problems(error: ValidationError, raw: Any) -> list[Problem]:
    """Pydantic's errors with JSON paths into ``raw``, in our words; one per place."""
    messages: dict[str, str] = {}
    for item in error.errors(include_url=False, include_input=False):
        path, message = (
            json_path(item["loc"], raw, is_missing=item["type"] == "missing"),
            _in_our_words(item["type"], item["msg"], item.get("ctx", {})),
        )
        known = messages.get(path)
        if known is None:
            messages[path] = message
        elif message not in known:  # a union tells what each of its members would have liked
            messages[path] = f"{known} or {message.removeprefix('should be ')}"
    return [Problem(path=path, message=message) for path, message in messages.items()]


_WORDING = {
    "extra_forbidden": "unknown key",
    "missing": "is required",
    "string_type": "should be a text",
    "bool_type": "should be true or false",
    "int_type": "should be a whole number",
    "float_type": "should be a number",
    "list_type": "should be a list",
    "dict_type": "should be an object",
    "model_type": "should be an object",
    "too_short": "should hold at least one",
}


def _in_our_words(kind: str, message: str, context: dict[str, Any]) -> str:
    if kind == "string_pattern_mismatch":
        joint = "-" if context.get("pattern") == NAME_PATTERN else "_"
        return f"should be small letters, digits and {joint}, start with a letter and have at most 63 characters"
    return _WORDING.get(kind, message.removeprefix("Value error, ").replace("Input should", "should"))


def json_path(loc: tuple[str | int, ...], raw: Any, *, is_missing: bool = False) -> str:
    """The JSON path of a pydantic location: tags of unions and of types, which are no keys, are left out."""
    path, node = "$", raw
    for index, part in enumerate(loc):
        if isinstance(part, int) and isinstance(node, list):
            items = cast("list[Any]", node)
            path, node = child(path, part), items[part] if part < len(items) else None
        elif isinstance(part, str) and isinstance(node, dict):
            members = cast("dict[str, Any]", node)
            if part in members or (is_missing and index == len(loc) - 1):
                path, node = child(path, part), members.get(part)
    return path


def _refuse(path: str, message: str) -> NoReturn:
    raise DefinitionError([Problem(path=path, message=message)])


def _decoded(source: str | bytes) -> str:
    if len(source) > MAX_BYTES:
        _refuse("$", f"larger than {MAX_BYTES:,} bytes")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse("$", f"not UTF-8 at byte {error.start}")


def _parse_json(text: str) -> Any:
    try:
        return load_json(text)
    except ValueError as error:
        _refuse("$", f"not JSON: {error}")


class _Builder:
    """Builds JSON values from YAML events, on a stack of its own."""

    def __init__(self) -> None:
        self.stack: list[dict[str, Any] | list[Any]] = []
        self.keys: list[Any] = []
        self.paths: list[str] = ["$"]
        self.anchors: dict[str, Any] = {}
        self.result: Any = None
        self.documents = 0
        self.nodes = 0

    def take(self, event: Event) -> None:
        """Take the next event of the stream."""
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.refuse(event, "more than one document")
        elif isinstance(event, SequenceEndEvent | MappingEndEvent):
            self.stack.pop()
            self.keys.pop()
            self.paths.pop()
        elif isinstance(event, NodeEvent):
            self.node(event)

    def node(self, event: NodeEvent) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse(event, f"more than {MAX_NODES:,} values")
        if self.stack and isinstance(self.stack[-1], dict) and self.keys[-1] is _CLOSED:
            self.key(event)
            return
        value = self.value(event)
        path = self.place(value)
        if isinstance(event, SequenceStartEvent | MappingStartEvent):
            if len(self.stack) >= MAX_DEPTH:
                self.refuse(event, _TOO_DEEP)
            self.stack.append(value)
            self.keys.append(_CLOSED)
            self.paths.append(path)
        if event.anchor and not isinstance(event, AliasEvent):
            self.anchors[event.anchor] = value

    def key(self, event: NodeEvent) -> None:
        mapping = cast("dict[str, Any]", self.stack[-1])
        if not isinstance(event, ScalarEvent):
            self.refuse(event, "a key is a text")
        key = event.value
        if key == "<<" and event.implicit[0]:
            self.refuse(event, "merge keys (<<) are not supported")
        if key in mapping:
            self.refuse(event, f"the key {key!r:.60} appears twice")
        self.keys[-1] = key

    def place(self, value: Any) -> str:
        """Put a value where it belongs and give its path."""
        if not self.stack:
            self.result = value
            return "$"
        parent = self.stack[-1]
        if isinstance(parent, list):
            parent.append(value)
            return child(self.paths[-1], len(parent) - 1)
        key: str = self.keys[-1]
        parent[key] = value
        self.keys[-1] = _CLOSED
        return child(self.paths[-1], key)

    def value(self, event: NodeEvent) -> Any:
        if isinstance(event, AliasEvent):
            if event.anchor not in self.anchors:
                self.refuse(event, f"the alias *{event.anchor} names nothing")
            return self.anchors[event.anchor]
        tag: str | None = cast("Any", event).tag
        kind = _TAGS.get(tag) if tag else None
        if tag and tag != "!" and kind is None:
            self.refuse(event, f"the tag {tag!r:.60} is not JSON")
        if isinstance(event, MappingStartEvent):
            return {}
        if isinstance(event, SequenceStartEvent):
            return []
        return self.scalar(cast("ScalarEvent", event), kind)

    def scalar(self, event: ScalarEvent, kind: str | None) -> Any:
        text = event.value
        if kind == "str" or (kind is None and not event.implicit[0]):
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            if len(text) > MAX_DIGITS:
                self.refuse(event, f"a number has more than {MAX_DIGITS} digits")
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        if kind is not None:
            self.refuse(event, f"{text!r:.60} is no {kind}")
        return text

    def refuse(self, event: Event, message: str) -> NoReturn:
        _refuse(self.paths[-1], f"{message}{_place(event.start_mark)}")


def _place(mark: Any) -> str:
    return f" (line {mark.line + 1}, column {mark.column + 1})" if mark is not None else ""


def _parse_yaml(text: str) -> Any:
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_YAML_LOADER):
            builder.take(event)
    except (yaml.YAMLError, UnicodeError) as error:
        if isinstance(error, yaml.MarkedYAMLError) and _PARSERS_DEPTH in (error.problem or ""):
            _refuse("$", f"{_TOO_DEEP}{_place(error.problem_mark)}")
        _refuse("$", f"not YAML: {' '.join(str(error).split())[:500]}")
    return builder.result


_PARSERS_DEPTH = "exceeded maximum nesting depth"
"""libyaml's words since PyYAML 6.0.4: it reads ahead of its events, and gives up at level 1,000 before we count 64."""


_YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
