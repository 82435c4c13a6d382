"""The faults of the matrix: every way in which an upstream can fail a call with an effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["FAULTS", "SMTP_FAULTS", "Fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: what the simulator is told to do, and how often."""

    name: str
    do: dict[str, Any]

    @property
    def is_a_lie(self) -> bool:
        """Whether it answers 200 and nothing was done: a service without a shape of its own can't be caught at it."""
        answers = ("html", "empty", "body", "graphql_error", "internal_error")
        return not self.do.get("commit") and any(name in self.do for name in answers)

    @property
    def can_linger(self) -> bool:
        """Whether the answer can be held back: a caller can be killed while it waits for it."""
        return self.do.get("reset") != "early"


def _faults(**given: dict[str, Any]) -> dict[str, Fault]:
    return {name: Fault(name=name, do=do) for name, do in given.items()}


FAULTS = _faults(
    status_401={"status": 401},
    status_404={"status": 404},
    status_422={"status": 422},
    status_500={"status": 500},
    status_502_though_done={"status": 502, "commit": True},
    status_503_soon={"status": 503, "retry_after": 0},
    status_504_though_done={"status": 504, "commit": True},
    status_429={"status": 429},
    status_429_seconds={"status": 429, "retry_after": 1},
    status_429_float={"status": 429, "retry_after": 0.5},
    status_429_date={"status": 429, "retry_after": {"http_date": 2}},
    status_429_garbage={"status": 429, "retry_after": "soon"},
    slow={"latency": 0.3},
    hang={"hang": 20},
    hang_though_done={"hang": 20, "commit": True},
    hang_and_done_later={"hang": 20, "commit_after": 0.4},
    reset_early={"reset": "early"},
    reset={"reset": True},
    reset_in_the_answer={"reset": "mid_body"},
    drop_after_commit={"drop_after_commit": True},
    truncate={"truncate": 9},
    truncated_json={"truncated_json": 9},
    too_short_a_length={"content_length": 9},
    too_long_a_length={"content_length": 100_000},
    drip={"drip": 1},
    no_http={"raw": "SSH-2.0-OpenSSH_9.6\r\n"},
    garbage={"garbage": True},
    garbage_though_done={"garbage": True, "commit": True},
    html={"html": True},
    empty={"empty": True},
    empty_though_done={"empty": True, "commit": True},
    null_data={"body": '{"data":null}'},
    huge={"huge": 10_000_100},
    bomb={"bomb": 10_000_100, "commit": True},
    odd_type={"content_type": "text/plain; charset=utf-16"},
    graphql_error={"graphql_error": {"message": "Simulated", "code": "BAD_USER_INPUT"}},
    internal_error={"internal_error": True},
    internal_error_though_done={"internal_error": True, "commit": True},
    user_errors={"user_errors": [{"message": "Simulated refusal", "field": ["input"]}]},
    throttled={"throttled": True},
)
"""Of services that speak HTTP."""

SMTP_FAULTS = _faults(
    slow={"latency": 0.3},
    status_421={"status": 421},
    status_451={"status": 451},
    status_550={"status": 550},
    hang={"hang": 20},
    hang_though_done={"hang": 20, "commit": True},
    reset={"reset": True},
    drop_after_commit={"drop_after_commit": True},
)
"""Of the mail server; they strike the mail's content.

A server that says 4yz and delivers all the same is not among them: the answer says that the mail was not taken
(RFC 5321, 4.2.1), and what is sent again carries the same Message-ID.
"""
