"""``aias integration connect --oauth``: the command waits on loopback for a browser that comes back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Run

Ok = Callable[..., Any]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def environment(simulators: Any, ok: Ok, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The local servers' app in the settings, and the tenant acme."""
    given = {"AIAS_EGRESS_ALLOW": "127.0.0.1"}
    for kind in ("shopify", "wave"):
        app = httpx.get(f"{simulators[kind]['control_url']}/oauth", trust_env=False).json()
        given[f"AIAS_{kind.upper()}_CLIENT_ID"] = app["client_id"]
        given[f"AIAS_{kind.upper()}_CLIENT_SECRET"] = app["client_secret"]
        given[f"AIAS_{kind.upper()}_OAUTH_URL"] = simulators[kind]["control_url"].removesuffix("/_control")
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    ok("tenant", "create", "acme")
    return given


def asked_for(waiting: subprocess.Popen[str]) -> str:
    """The address that a person is to open, from stderr."""
    assert waiting.stderr is not None
    assert "open this address" in waiting.stderr.readline()
    return waiting.stderr.readline().strip()


@pytest.mark.parametrize("kind", ["shopify", "wave"])
def test_a_consent_in_the_browser_connects(
    kind: str, simulators: Any, environment: dict[str, str], process: Start, ok: Ok
) -> None:
    url = simulators[kind]["url"]
    waiting = process(
        *("integration", "connect", kind, "--tenant", "acme", "--url", url, "--oauth", "--port", "0", "--json"),
        **environment,
    )
    with httpx.Client(trust_env=False, timeout=10) as browser:
        back = browser.get(asked_for(waiting)).headers["location"]
        assert browser.get(back.split("?")[0].replace("/callback", "/")).status_code == 404
        forged = browser.get(back.replace("state=", "state=forged"))
        assert forged.status_code == 400
        answered = browser.get(back)
    assert (answered.status_code, "is connected" in answered.text) == (200, True)
    out, err = waiting.communicate(timeout=30)
    assert waiting.returncode == 0, err
    assert json.loads(out)["kind"] == kind
    assert "an answer was refused" in err
    (row,) = ok("integration", "list", "--tenant", "acme")["integrations"]
    assert (row["status"], row["grant_type"]) == ("connected", "authorization_code")
    assert row["token_expires_at"] is not None


def test_nobody_who_consents_ends_the_waiting(environment: dict[str, str], simulators: Any, cli: Run) -> None:
    given = ("--tenant", "acme", "--url", simulators["shopify"]["url"], "--port", "0", "--wait", "1")
    result = cli("integration", "connect", "shopify", *given, "--oauth")
    assert result.code == 1
    assert "nobody consented within 1 s" in result.err


def test_an_app_connects_by_its_own_right_and_its_keys_are_rotated_and_erased(
    environment: dict[str, str], simulators: Any, cli: Run, ok: Ok
) -> None:
    ok("integration", "connect", "shopify", "--tenant", "acme", "--url", simulators["shopify"]["url"], "--app")
    done = ok("integration", "rotate-keys", "--tenant", "acme")
    assert (done["resealed"], done["dropped"]) == (1, 1)
    assert ok("integration", "rotate-keys", "--master")["rewrapped"] == 0
    assert ok("integration", "check", "--all")["checked"][0]["is_working"]
    assert ok("integration", "erase-keys", "--tenant", "acme", "--yes")["erased"] == 1
    refused = cli("integration", "check", "--tenant", "acme")
    assert refused.code == 1
    assert "were erased" in refused.out
    assert cli("integration", "rotate-keys").code == 2
    assert cli("integration", "connect", "wave", "--tenant", "acme", "--oauth", "--token", "x").code == 2


def test_a_workflow_is_not_switched_on_while_its_connection_does_not_work(
    environment: dict[str, str], simulators: Any, cli: Run, ok: Ok, tmp_path: Any
) -> None:
    definition = tmp_path / "w.yaml"
    definition.write_text("name: w\nsteps:\n  - id: list\n    action: shopify.order_list\n    input: {first: 1}\n")
    shop = ("integration", "connect", "shopify", "--tenant", "acme", "--url", simulators["shopify"]["url"])
    ok(*shop, "--no-check", "--token", "wrong-token")
    ok("workflow", "apply", str(definition), "--tenant", "acme")
    ok("workflow", "disable", "w", "--tenant", "acme")
    refused = cli("workflow", "enable", "w", "--tenant", "acme")
    assert refused.code == 4
    assert "shopify:default does not work" in refused.message
    ok("integration", "disconnect", "shopify", "--tenant", "acme")
    refused = cli("workflow", "enable", "w", "--tenant", "acme")
    assert refused.code == 4
    assert refused.message == "'w' can't be enabled: there is no shopify connection: connect one"
    ok(*shop, "--token", simulators["shopify"]["token"])
    assert ok("workflow", "enable", "w", "--tenant", "acme")["is_enabled"]
