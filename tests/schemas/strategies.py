"""Schemas of the subset and values near them, for the differential tests.

Everything is drawn from few names, few numbers and few letters, so that a random value often meets a keyword's
condition and often just misses it.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any] | bool

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
KEYS = ("a", "b", "ab", "é", "x-1", "$ref", "")
LETTERS = "ab1-_. \té\n\v\u00a0\U0001f600"

keys = st.sampled_from(KEYS)
texts = st.text(LETTERS, max_size=5)
counts = st.integers(0, 3)
numbers = st.one_of(
    st.integers(-3, 6),
    st.sampled_from([1.0, 2.0, -1.0, 0.5, 0.25, 1.5, 2.75, 0.1, 0.3, 1e20, 10**20, -0.0, 12345678901234567890]),
)
dates = st.builds(
    "{}-{}-{}".format,
    st.sampled_from(["2024", "2023", "1900", "2000", "24"]),
    st.sampled_from(["01", "02", "04", "12", "13", "00", "2"]),
    st.sampled_from(["01", "28", "29", "30", "31", "32", "00"]),
)
times = st.builds(
    "{}{}{}".format,
    st.sampled_from(["00:00:00", "23:59:59", "23:59:60", "12:30:60", "24:00:00", "12:60:00", "12:30", "1:02:03"]),
    st.sampled_from(["", ".5", ".123456789", ".", ",5"]),
    st.sampled_from(["Z", "z", "+00:00", "-23:59", "+24:00", "+01", "", "+01:60"]),
)
formatted = st.one_of(
    dates,
    times,
    st.builds("{}{}{}".format, dates, st.sampled_from(["T", "t", " ", ""]), times),
    st.sampled_from(
        [
            "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
            "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
            "2eb8aa08aa9811eab4aa73b441d16380",
            "2eb8aa08-aa98-11ea-b4aa-73b441d1638g",
            "127.0.0.1",
            "256.0.0.1",
            "127.0.0",
            "127.0.0.01",
            "1.2.3.4.5",
            "buyer.017@example.com",
            "buyer 017@example.com",
            ".buyer@example.com",
            "buyer..017@example.com",
            "@example.com",
            "buyer",
            "www.example.com",
            "-a.example",
            "a-.example",
            "a_b.example",
            "a..b",
            "x" * 63 + ".example",
            "x" * 64 + ".example",
            "https://example.com/a/b?c=d&e=%20#f",
            "urn:isbn:1",
            "//example.com/a",
            "/a/b",
            "https://example.com/a b",
            "https://example.com/%zz",
            "mailto:buyer@example.com",
        ]
    ),
)

values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts, formatted),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)

# --- patterns -----------------------------------------------------------------------------------

_characters = ["a", "b", "1", "-", "_", "é", r"\.", r"\-", r"\t", r"\u00e9", "."]
_classes = [r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", "[ab]", "[^ab]", "[a-c]", r"[\w.-]", r"[^\d]", r"[\s_]", "[-a]"]
_atoms = st.sampled_from([*_characters, *_classes, r"[\u0001-a]", "[^-]"])
_quantifiers = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds("{}{}){}".format, st.sampled_from(["(", "(?:"]), inner, _quantifiers)
    return st.one_of(
        group,
        st.builds("{}|{}".format, inner, inner),
        st.lists(inner, min_size=1, max_size=3).map("".join),
    )


_bodies = st.recursive(st.builds("{}{}".format, _atoms, _quantifiers), _grown, max_leaves=6)
patterns = st.one_of(
    _bodies,
    st.builds("^(?:{})$".format, _bodies),
    st.builds("^{}".format, _bodies),
    st.builds("{}$".format, _bodies),
)

# --- schemas ------------------------------------------------------------------------------------

_scalars: dict[str, st.SearchStrategy[Any]] = {
    "type": st.one_of(st.sampled_from(TYPES), st.lists(st.sampled_from(TYPES), min_size=1, max_size=4, unique=True)),
    "enum": st.lists(values, min_size=1, max_size=4),
    "const": values,
    "minimum": numbers,
    "maximum": numbers,
    "exclusiveMinimum": numbers,
    "exclusiveMaximum": numbers,
    "multipleOf": st.sampled_from([1, 2, 3, 1.0, 0.5, 0.25, 1.5, 0.1, 0.01, 0.3]),
    "minLength": counts,
    "maxLength": counts,
    "pattern": patterns,
    "format": st.sampled_from(["date-time", "date", "time", "email", "uuid", "uri", "hostname", "ipv4"]),
    "minItems": counts,
    "maxItems": counts,
    "uniqueItems": st.booleans(),
    "minProperties": counts,
    "maxProperties": counts,
    "required": st.lists(keys, max_size=2, unique=True),
    "dependentRequired": st.dictionaries(keys, st.lists(keys, max_size=2, unique=True), max_size=2),
    "$ref": st.sampled_from(["#", "#/$defs/x", "#/$defs/y"]),
    "title": texts,
    "default": values,
}


def _objects(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": _scalars["type"],
            "required": _scalars["required"],
            "properties": st.dictionaries(keys, inner, max_size=3),
            "patternProperties": st.dictionaries(patterns, inner, max_size=2),
            "additionalProperties": inner,
            "propertyNames": inner,
            "items": inner,
            "prefixItems": several,
            "contains": inner,
            "allOf": several,
            "anyOf": several,
            "oneOf": several,
            "not": inner,
            "if": inner,
        },
    ).flatmap(lambda schema: _completed(schema, inner))


def _completed(schema: dict[str, Any], inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """Add the keywords that mean something beside another one only."""
    optional: dict[str, st.SearchStrategy[Any]] = {}
    if "if" in schema:
        optional |= {"then": inner, "else": inner}
    if "contains" in schema:
        optional |= {"minContains": counts, "maxContains": counts}
    return st.fixed_dictionaries({}, optional=optional).map(lambda more: schema | more)


_leaves: st.SearchStrategy[Schema] = st.one_of(
    st.booleans(),
    st.sets(st.sampled_from(sorted(_scalars)), min_size=1, max_size=3).flatmap(
        lambda chosen: st.fixed_dictionaries({name: _scalars[name] for name in chosen})
    ),
)

schemas: st.SearchStrategy[Schema] = st.builds(
    lambda schema, x, y: schema | {"$defs": {"x": x, "y": y}} if isinstance(schema, dict) else schema,
    st.recursive(_leaves, _objects, max_leaves=8),
    st.recursive(_leaves, _objects, max_leaves=3),
    _leaves,
)

# --- families -----------------------------------------------------------------------------------
# Of one kind of value each, with schemas inside that are as small: here every keyword decides often.

_integers = st.integers(0, 3)
_tests: st.SearchStrategy[Schema] = st.one_of(
    st.booleans(),
    st.builds(lambda name, value: {name: value}, st.sampled_from(["const", "minimum", "exclusiveMaximum"]), _integers),
    st.builds(lambda value: {"type": value}, st.sampled_from(["integer", "string"])),
    st.builds(lambda value: {"enum": value}, st.lists(_integers, min_size=1, max_size=2)),
)
_tests_of_each = st.lists(_tests, min_size=1, max_size=3)
_near = st.one_of(_integers, st.sampled_from([0.5, 1.0, "a", "ab", None]))
_some_keys = st.sampled_from(["a", "b", "ab"])


def _some_of(
    keywords: dict[str, st.SearchStrategy[Any]], inner: st.SearchStrategy[Schema]
) -> st.SearchStrategy[Schema]:
    chosen = st.sets(st.sampled_from(sorted(keywords)), min_size=1, max_size=4)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries({name: keywords[name] for name in sorted(names)})
    ).flatmap(lambda schema: _completed(schema, inner))


_number_schemas = _some_of(
    {
        "type": st.sampled_from(["integer", "number", ["integer", "null"]]),
        "minimum": numbers,
        "maximum": numbers,
        "exclusiveMinimum": _integers,
        "exclusiveMaximum": _integers,
        "multipleOf": _scalars["multipleOf"],
        "const": numbers,
        "enum": st.lists(numbers, min_size=1, max_size=3),
    },
    _tests,
)
_array_schemas = _some_of(
    {
        "items": _tests,
        "prefixItems": _tests_of_each,
        "contains": _tests,
        "minItems": counts,
        "maxItems": counts,
        "uniqueItems": st.booleans(),
    },
    _tests,
)
_object_schemas = _some_of(
    {
        "properties": st.dictionaries(_some_keys, _tests, max_size=2),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b", "^.$"]), _tests, max_size=2),
        "additionalProperties": _tests,
        "propertyNames": st.one_of(
            st.booleans(), st.sampled_from([{"maxLength": 1}, {"enum": ["a"]}, {"pattern": "b"}])
        ),
        "required": st.lists(_some_keys, max_size=2, unique=True),
        "dependentRequired": st.dictionaries(_some_keys, st.lists(_some_keys, max_size=2, unique=True), max_size=2),
        "minProperties": counts,
        "maxProperties": counts,
    },
    _tests,
)
_combined_schemas = _some_of(
    {
        "allOf": _tests_of_each,
        "anyOf": _tests_of_each,
        "oneOf": _tests_of_each,
        "not": _tests,
        "if": _tests,
        "$ref": st.just("#/$defs/x"),
    },
    _tests,
).flatmap(
    lambda schema: _tests.map(lambda inner: {**schema, "$defs": {"x": inner}} if isinstance(schema, dict) else schema)
)

families: dict[str, tuple[st.SearchStrategy[Schema], st.SearchStrategy[Any]]] = {
    "numbers": (_number_schemas, numbers),
    "arrays": (_array_schemas, st.lists(_near, max_size=4)),
    "objects": (_object_schemas, st.dictionaries(_some_keys, _near, max_size=3)),
    "combinations": (_combined_schemas, _near),
    "strings": (_some_of({"minLength": counts, "maxLength": counts, "pattern": patterns}, _tests), texts),
    "everything": (schemas, values),
}
