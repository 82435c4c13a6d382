"""Languages of mails: gettext catalogs, read as they are written (``languages/<code>.po``), once per process.

English is what the templates say. A person whose language has no catalog is written in English.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

__all__ = ["catalog_of", "known_languages", "last_day", "spoken"]

_FOLDER = files("aias.onboarding") / "languages"


@cache
def known_languages() -> tuple[str, ...]:
    """Give the codes of the languages that mails are written in, English first."""
    names = (one.name for one in _FOLDER.iterdir())
    return ("en", *sorted(name.removesuffix(".po") for name in names if name.endswith(".po")))


def spoken(language: str) -> str:
    """Give the language itself where there is a catalog of it, else English."""
    return language if language in known_languages() else "en"


@cache
def catalog_of(language: str) -> NullTranslations:
    """Read a language's catalog; an empty one for English."""
    if spoken(language) == "en":
        return NullTranslations()
    written = io.BytesIO((_FOLDER / f"{language}.po").read_bytes())
    compiled = io.BytesIO()
    write_mo(compiled, read_po(written, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def last_day(end: datetime, time_zone: str, language: str) -> str:
    """Write the last day of what ends at ``end`` (a midnight there) as people of that language write days."""
    return format_date(
        (end - timedelta(seconds=1)).astimezone(ZoneInfo(time_zone)).date(), "long", locale=spoken(language)
    )
