"""``aias key`` and ``aias cache``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import Run

Ok = Callable[..., Any]


def test_a_key_is_made_listed_and_revoked(ok: Ok, cli: Run) -> None:
    ok("tenant", "create", "acme")
    made = ok("key", "create", "--tenant", "acme", "--scope", "executions:read", "--expires", "+1d", "--name", "shop")
    assert made["token"].startswith(f"aias_{made['id']}_")
    (listed,) = ok("key", "list", "--tenant", "acme")["keys"]
    assert (listed["name"], listed["scopes"], listed["status"]) == ("shop", ["executions:read"], "active")
    assert made["token"] not in cli("key", "list").out
    assert ok("key", "revoke", made["id"]) == {"key": made["id"], "revoked": True, "was_revoked": False}
    assert ok("key", "revoke", made["id"])["was_revoked"] is True
    assert ok("key", "list")["keys"][0]["status"] == "revoked"


@pytest.mark.parametrize(
    ("arguments", "code", "place"),
    [
        (("key", "create", "--tenant", "nobody"), 3, "nobody"),
        (("key", "create", "--scope", "all"), 2, "all"),
        (("key", "create", "--expires", "2020-01-01T00:00:00Z"), 2, "2020"),
        (("key", "revoke", "0123456789abcdef"), 3, "0123456789abcdef"),
        (("cache", "invalidate"), 2, "--tag"),
        (("cache", "invalidate", "plans", "--all"), 2, "--tag"),
        (("serve", "--port", "70000"), 2, "--port"),
    ],
)
def test_what_is_wrong_is_told_with_its_exit_code(cli: Run, arguments: tuple[str, ...], code: int, place: str) -> None:
    result = cli(*arguments)
    assert (result.code, place in result.message) == (code, True)


def test_the_cache_is_shown_and_made_to_forget(ok: Ok) -> None:
    assert ok("cache", "stats") == {"cache": []}
    assert ok("cache", "invalidate", "plans", "all")["invalidated"] is True
    assert ok("cache", "invalidate", "--tag", "plans")["tag"] == "plans"
    assert ok("cache", "invalidate", "--all")["all"] is True
