"""Mails that a kind of notice wants to be written in a way of its own, by the domain that posts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from aias.notify.models import ClaimedDelivery

__all__ = ["Attachment", "RenderedMail", "register_rendering", "rendering_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of text that goes with a mail, in UTF-8."""

    name: str
    subtype: Literal["csv", "html", "plain"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMail:
    """What a mail says, twice, and what goes with it."""

    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    subject: str | None = None
    """None: the notice's severity and title."""
    sender_name: str = "AIAS"
    headers: tuple[tuple[str, str], ...] = ()
    """What goes into the mail's head besides."""


_RENDERINGS: dict[str, Callable[[ClaimedDelivery], RenderedMail]] = {}


def register_rendering(kind: str, render: Callable[[ClaimedDelivery], RenderedMail]) -> None:
    """Have mails of this kind of notice written by ``render``: the same notice must give the same mail each time."""
    _RENDERINGS[kind] = render


def rendering_of(kind: str) -> Callable[[ClaimedDelivery], RenderedMail] | None:
    """Give what writes mails of this kind; None for the plain way."""
    return _RENDERINGS.get(kind)
