"""The action ``slack.post``: a message through an incoming webhook.

Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (the payload, ``ok``, the errors) and
https://api.slack.com/reference/surfaces/formatting (escaping of &, < and >).
"""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from aias.errors import PermanentError
from aias.integrations import effects
from aias.integrations.client import Call, Upstream
from aias.integrations.connections import find_connection
from aias.integrations.kinds import SLACK
from aias.plugins import ActionContext, action

__all__ = ["escaped", "slack_post"]

_REFUSAL = re.compile(rb"(?!ok$)[a-z]{2,20}(_[a-z]{1,20}){0,4}")
"""One of Slack's errors, such as ``invalid_payload`` or ``no_text``. What is none of them is no answer of Slack's."""

_LONGEST = 40_000
"""Characters beyond which Slack cuts a message off."""


class SlackPostInput(BaseModel):
    """What to post. ``*bold*``, ``_italic_`` and ``:emoji:`` work; links and mentions are shown as they are written."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=_LONGEST)


class SlackPostOutput(BaseModel):
    """Slack took the message."""

    ok: bool


def escaped(text: str) -> str:
    """Give the text so that Slack reads no control sequence in it: no ``<!channel>``, no link under another name."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@action("slack.post", effect="at_most_once", integration="slack", ledger=True)
async def slack_post(context: ActionContext, data: SlackPostInput) -> SlackPostOutput:
    """Post a message to the channel of the Slack webhook.

    A webhook knows no idempotency: whether a call that got no answer was shown is not known.
    """
    connection = await find_connection(context, SLACK)
    upstream = Upstream(
        name=connection.label,
        base_url=connection.secret.webhook_url.get_secret_value(),
        secret_url=True,
        egress=connection.egress,
        guard=connection.guard,
    )
    message = {"text": escaped(data.text)}

    async def send(_key: str) -> JsonValue:
        answer = await upstream.call("POST", json=message, call=Call.of(context))
        said = answer.body.strip()
        if _REFUSAL.fullmatch(said):
            raise PermanentError(f"{connection.label} did not take the message: {said.decode()}")
        if said != b"ok":
            raise upstream.malformed("not ok", answer.body, call=Call.of(context), status=answer.status)
        return None

    await effects.once(context, connection, operation="post", request=message, send=send)
    return SlackPostOutput(ok=True)
