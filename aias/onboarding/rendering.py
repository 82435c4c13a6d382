"""What onboarding mails look like: HTML and text from one template of content each, in the person's language.

Sources: RFC 8058 (unsubscribing by one click: the two headers, and that the address identifies the person), RFC 2369.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from aias.errors import ConfigurationError, InvalidArgument, PermanentError
from aias.notify import ClaimedDelivery, RenderedMail
from aias.onboarding.translating import catalog_of, known_languages, last_day, spoken
from aias.settings import get_settings

__all__ = ["LINKS", "known_templates", "preview", "rendered", "unsubscribe_page"]

LINKS: Final = {"start": "/", "docs": "/docs"}
"""Where the links of mails lead, on our own server: a counted link goes by its name, and to nowhere else."""

_PAGES = {"layout", "unsubscribe"}


@cache
def _templates(language: str) -> Environment:
    made = Environment(
        loader=PackageLoader("aias.onboarding"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    # the extension adds the method to the environment at run time
    made.install_gettext_translations(catalog_of(language), newstyle=True)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    return made


@cache
def known_templates() -> tuple[str, ...]:
    """Give the names of the mails that can be written."""
    names = (one.name for one in (files("aias.onboarding") / "templates").iterdir())
    return tuple(sorted(stem for name in names if (stem := name.removesuffix(".j2")).split(".")[0] not in _PAGES))


def rendered(notice: ClaimedDelivery) -> RenderedMail:
    """Write the mail of a notice of the kind ``onboarding``, for the person whom it is for.

    Raises:
        ConfigurationError: nobody said where this server is (AIAS_DASHBOARD_URL), so that no link would lead back.
        PermanentError: there is no such template, or the person is gone.
    """
    if notice.person is None or notice.details.get("template") not in known_templates():
        raise PermanentError("the person or the template of the mail is gone")
    address = get_settings().dashboard_url
    if address is None:
        raise ConfigurationError("AIAS_DASHBOARD_URL is not set: no link of a mail would lead anywhere")
    return _written(
        notice.details["template"],
        notice.person,
        UUID(notice.details["mail"]),
        address.rstrip("/"),
        at=notice.created_at,
    )


def preview(template: str, language: str, *, address: str | None = None) -> RenderedMail:
    """Write a mail for a person who does not exist, in a language that mails are written in.

    Raises:
        InvalidArgument: there is no such template or language.
    """
    if template not in known_templates():
        raise InvalidArgument(f"a mail is one of {', '.join(known_templates())}", argument="template")
    if language not in known_languages():
        raise InvalidArgument(f"a language is one of {', '.join(known_languages())}", argument="language")
    person = {
        "name": "Ada",
        "tenant": "Acme",
        "language": language,
        "time_zone": "UTC",
        "trial_ends_at": "2026-02-01T00:00:00+00:00",
        "token": "preview",
        "is_counted": False,
    }
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return _written(template, person, UUID(int=0), (address or "https://aias.example").rstrip("/"), at=at)


def unsubscribe_page(language: str, *, is_subscribed: bool) -> str:
    """Write the page of the link in each mail: the question, or that it is done."""
    language = spoken(language)
    shown = {"language": language, "is_subscribed": is_subscribed}
    return _templates(language).get_template("unsubscribe.html.j2").render(shown)


def _written(template: str, person: dict[str, Any], mail: UUID, address: str, *, at: datetime) -> RenderedMail:
    language = spoken(person["language"])
    templates = _templates(language)
    # a trial that was never begun has no end; its mails are not sent, and a preview by force still shows something
    end = person["trial_ends_at"]
    ends_at = datetime.fromisoformat(end) if end is not None else at + timedelta(days=14)
    values: dict[str, Any] = {
        "name": person["name"],
        "tenant": person["tenant"],
        "language": language,
        "trial_day": last_day(ends_at, person["time_zone"], language),
    }
    content: dict[str, Any] = vars(templates.get_template(f"{template}.j2").make_module(values))["mail"]
    link = content["action"]["link"]
    unsubscribe = f"{address}/mail/unsubscribe/{person['token']}"
    is_counted = person["is_counted"]
    values |= {
        "mail": content,
        "action": f"{address}/mail/click/{mail}/{link}" if is_counted else address + LINKS[link],
        "picture": f"{address}/mail/open/{mail}.gif" if is_counted else None,
        "unsubscribe": unsubscribe,
    }
    return RenderedMail(
        subject=" ".join(str(content["subject"]).split()),
        text=templates.get_template("layout.txt.j2").render(values),
        html=templates.get_template("layout.html.j2").render(values),
        headers=(
            ("List-Unsubscribe", f"<{unsubscribe}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Content-Language", language),
        ),
    )
