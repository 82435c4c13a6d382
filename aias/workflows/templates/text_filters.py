"""Filters of templates for texts, numbers, amounts and dates."""

import base64
import decimal
import html
import math
import re
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aias.workflows.json_values import json_problems, load_json
from aias.workflows.templates.budget import TemplateError, budget, kind_of
from aias.workflows.templates.operators import as_json, as_text, to_decimal

_MAX_PLACES: Final = 20
_MAX_DAYS: Final = 366_000
_MAX_FORMAT: Final = 100
# no flags and no widths: glibc would fill "%1000000000Y" with zeros
_DATE_FORMAT: Final = re.compile(r"(?:[^%]|%-?[aAbBdHIjmMpSyYzZfuVG%])*")
_MINOR_UNITS: Final = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),  # noqa: SIM905 (reads better)
        0,
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),  # noqa: SIM905 (likewise)
}
"""ISO 4217: how many digits after the point, where it is not two."""


def text(value: Any) -> str:
    """Give the text, or say that the value is none."""
    if not isinstance(value, str):
        raise TemplateError(f"takes a text, not {kind_of(value)}")
    return value


def grown(value: str) -> str:
    """Pay for a text that was just made from a bounded one."""
    budget().allocate(len(value))
    return value


def whole(value: Any, what: str, *, least: int = 0, most: int = 1_000_000) -> int:
    """Give a whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise TemplateError(f"{what} is a whole number from {least:,} to {most:,}")
    return value


def _absolute(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TemplateError(f"abs takes a number, not {kind_of(value)}")
    return abs(value)


def _replace(value: Any, old: Any, new: Any, count: Any = None) -> str:
    source, old, new = as_text(value), text(old), text(new)
    most = -1 if count is None else whole(count, "the count")
    times = source.count(old) if old else len(source) + 1
    budget().allocate(len(source) + times * len(new))
    return source.replace(old, new, most)


def _split(value: Any, separator: Any = None, most: Any = -1) -> list[str]:
    source = text(value)
    count = source.count(text(separator)) if separator else len(source) // 2
    budget().allocate(len(source) + 8 * count)
    return source.split(separator, whole(most, "the number of cuts", least=-1))


def _truncate(value: Any, length: Any = 255, end: Any = "...") -> str:
    source, most = as_text(value), whole(length, "the length")
    if len(source) <= most:
        return source
    tail = text(end)[:most]
    return grown(source[: most - len(tail)] + tail)


def _integer(value: Any, default: Any = None) -> Any:
    try:
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, float):
            return int(value)
        return int(to_decimal(value).to_integral_value(decimal.ROUND_DOWN))
    except (TemplateError, OverflowError, ValueError):
        if default is not None:
            return default
        raise TemplateError(f"{kind_of(value)} is no whole number") from None


def _float(value: Any, default: Any = None) -> Any:
    try:
        found = float(to_decimal(value))
    except TemplateError:
        if default is not None:
            return default
        raise
    if not math.isfinite(found):
        raise TemplateError("float has no finite result")
    return found


def rounded(value: Any, places: int, method: str = "common") -> Decimal:
    """Round half up (``common``), ``floor`` or ``ceil``, exactly.

    Raises:
        TemplateError: the value is no number, or the method none of the three.
    """
    mode = {
        "common": decimal.ROUND_HALF_UP,
        "even": decimal.ROUND_HALF_EVEN,
        "floor": decimal.ROUND_FLOOR,
        "ceil": decimal.ROUND_CEILING,
    }.get(method)
    if mode is None:
        raise TemplateError("round knows common, even, floor and ceil")
    unit = Decimal(1).scaleb(-whole(places, "the number of places", least=-_MAX_PLACES, most=_MAX_PLACES))
    return to_decimal(value).quantize(unit, rounding=mode, context=decimal.Context(prec=100))


def _round(value: Any, precision: Any = 0, method: Any = "common") -> Any:
    found = rounded(value, precision, text(method))
    if isinstance(value, float):
        return float(found)
    return int(found) if isinstance(value, int) else found


def _money(value: Any, unit: Any = 2) -> str:
    places = _MINOR_UNITS.get(unit.upper(), 2) if isinstance(unit, str) else unit
    return format(rounded(value, places), "f")


def _moment(value: Any) -> datetime:
    """Read ISO 8601, or seconds since 1970."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.strip()[:64])
        except ValueError:
            raise TemplateError(f"{value[:40]!r} is no date") from None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, ValueError, OSError):
            raise TemplateError("the number of seconds is no date") from None
    raise TemplateError(f"{kind_of(value)} is no date")


def _date(value: Any, format: Any = "%Y-%m-%d", timezone: Any = None, days: Any = 0) -> str:
    moment, pattern = _moment(value), text(format)
    if len(pattern) > _MAX_FORMAT or not _DATE_FORMAT.fullmatch(pattern):
        raise TemplateError("the date format holds something else than the directives a A b B d H I j m M p S y Y ...")
    if timezone is not None:
        try:
            zone = ZoneInfo(text(timezone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise TemplateError(f"there is no time zone {timezone!r:.60}") from None
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
    try:
        moment += timedelta(days=whole(days, "the number of days", least=-_MAX_DAYS, most=_MAX_DAYS))
    except OverflowError:
        raise TemplateError("the date lies outside of the calendar") from None
    return moment.isoformat() if pattern == "iso" else moment.strftime(pattern)


def _json(value: Any, indent: Any = None) -> str:
    return grown(as_json(value, indent=None if indent is None else whole(indent, "indent", most=8)))


def _from_json(value: Any) -> Any:
    source = text(value)
    budget().allocate(len(source))
    found = load_json(source)
    if problems := json_problems(found, most=1):
        raise TemplateError(f"from_json: {problems[0]}")
    return found


def _base64(value: Any) -> str:
    return grown(base64.b64encode(as_text(value).encode()).decode("ascii"))


def _on_text(function: Callable[[str], str]) -> Callable[[Any], str]:
    """A filter of one text; what it makes is at most a small multiple of what it got."""

    def apply(value: Any) -> str:
        return grown(function(as_text(value)))

    return apply


def _trim(value: Any, characters: Any = None) -> str:
    return grown(as_text(value).strip(None if characters is None else text(characters)[:100]))


def _escape(value: Any) -> str:
    return grown(html.escape(as_text(value)))


FILTERS: dict[str, Callable[..., Any]] = {
    "abs": _absolute,
    "base64": _base64,
    "capitalize": _on_text(str.capitalize),
    "date": _date,
    "decimal": to_decimal,
    "e": _escape,
    "escape": _escape,
    "float": _float,
    "from_json": _from_json,
    "int": _integer,
    "json": _json,
    "lower": _on_text(str.lower),
    "money": _money,
    "replace": _replace,
    "round": _round,
    "split": _split,
    "string": as_text,
    "title": _on_text(str.title),
    "tojson": _json,
    "trim": _trim,
    "truncate": _truncate,
    "upper": _on_text(str.upper),
    "urlencode": _on_text(lambda source: urllib.parse.quote(source, safe="")),
}
