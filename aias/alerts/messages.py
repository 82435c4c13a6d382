"""What a notice looks like: as mail (text and HTML), as blocks of Slack, as the body of a webhook.

Sources: RFC 5322 and RFC 3834 (Auto-Submitted) for mail; https://docs.slack.dev/reference/block-kit/blocks for the
limits of Slack's blocks; https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md for
the body.
"""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from aias.integrations.email import message_id
from aias.integrations.slack import escaped
from aias.notify import ClaimedDelivery, RenderedMail, rendering_of

__all__ = ["mail", "slack_message", "webhook_body", "webhook_id"]

_HEADER = 150
_SECTION = 2900
_COLOURS = {"info": "#3b6ea5", "warning": "#b26a00", "critical": "#b3261e"}
_SIGNS = {"info": ":information_source:", "warning": ":warning:", "critical": ":rotating_light:"}


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("aias.alerts"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def mail(notice: ClaimedDelivery, *, sender: str, recipients: list[str]) -> EmailMessage:
    """Write the mail, text and HTML. The same delivery gives the same Message-ID and date whenever it is sent."""
    render = rendering_of(notice.kind) or _plain
    written = render(notice)
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(display_name=written.sender_name, addr_spec=sender)
    message["To"] = ", ".join(recipients)
    message["Subject"] = written.subject or f"[{notice.severity}] {' '.join(notice.title.split())}"
    message["Date"] = format_datetime(notice.created_at)
    message["Message-ID"] = message_id(f"notice:{notice.id}", sender)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in written.headers:
        message[name] = value
    message.set_content(written.text)
    message.add_alternative(written.html, subtype="html")
    for one in written.attachments:
        message.add_attachment(one.text, subtype=one.subtype, filename=one.name)
    return message


def _plain(notice: ClaimedDelivery) -> RenderedMail:
    shown = {
        "title": notice.title,
        "body": notice.body,
        "severity": notice.severity,
        "kind": notice.kind,
        "at": notice.created_at,
        "colour": _COLOURS[notice.severity],
        "alerts": notice.details.get("alerts", []),
        "rule": notice.details.get("rule"),
    }
    return RenderedMail(
        text=_templates().get_template("notice.txt.j2").render(shown),
        html=_templates().get_template("notice.html.j2").render(shown),
    )


def slack_message(notice: ClaimedDelivery) -> dict[str, Any]:
    """Write Slack's message: blocks, and the text for where blocks are not shown."""
    sign = _SIGNS[notice.severity]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": f"{sign} {notice.title}"[:_HEADER], "emoji": True}}
    ]
    if notice.body:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": escaped(notice.body)[:_SECTION]}})
    said = [notice.severity, notice.kind, f"{notice.created_at:%Y-%m-%d %H:%M} UTC"]
    if "rule" in notice.details:
        said.append(f"rule {notice.details['rule']}")
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": escaped(" | ".join(said))}]})
    return {"text": escaped(f"[{notice.severity}] {notice.title}"), "blocks": blocks}


def webhook_id(notice: ClaimedDelivery) -> str:
    """Give the ``webhook-id``: the same however often it is sent, so that the receiver can tell."""
    return f"ntc_{notice.id.hex}"


def webhook_body(notice: ClaimedDelivery) -> dict[str, Any]:
    """Write the body as Standard Webhooks advises: a type, a time, the data."""
    return {
        "type": notice.kind,
        "timestamp": notice.created_at.isoformat(),
        "data": {
            "id": str(notice.notice_id),
            "severity": notice.severity,
            "title": notice.title,
            "body": notice.body,
            "details": notice.details,
        },
    }
