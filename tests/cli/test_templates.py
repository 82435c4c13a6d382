"""``aias template``: from the gallery to a workflow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run


def test_a_template_goes_from_the_gallery_to_a_workflow(
    ok: Callable[..., Any], cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)
    ok("db", "migrate")
    ok("tenant", "create", "acme", "--plan", "pro", "--industry", "retail")
    names = [row["name"] for row in ok("template", "list", "--industry", "retail")["templates"]]
    assert "order-to-invoice" in names
    shown = cli("template", "show", "order-to-invoice")
    assert "order_tag" in shown.out
    assert cli("template", "show", "none").code == 3
    advice = ok("template", "recommend", "--tenant", "acme")["recommendations"]
    assert {"industry", "integration_missing"} <= {r["reason"] for one in advice for r in one["reasons"]}
    assert "is not connected" in cli("template", "recommend", "--tenant", "acme").out
    refused = cli("template", "use", "order-to-invoice", "--tenant", "acme")
    assert refused.code == 2
    assert "wave" in refused.err
    token = tmp_path / "token"
    token.write_text("t")
    for kind, *options in (("shopify", "--shop", "a.myshopify.com"), ("wave", "--business", "b")):
        ok("integration", "connect", kind, "--tenant", "acme", "--no-check", "--token", f"@{token}", *options)
    used = ok("template", "use", "order-to-invoice", "--tenant", "acme", "--set", "order_tag", '"billed"')["used"]
    assert (used["workflow"], used["is_changed"]) == ("order-to-invoice", True)
    again = cli("template", "use", "order-to-invoice", "--tenant", "acme", "--set", "order_tag", '"billed"')
    assert "version 1, as before" in again.out
    (use,) = ok("template", "list", "--used", "--tenant", "acme")["uses"]
    assert use["parameters"]["order_tag"] == "billed"
    assert ok("workflow", "show", "order-to-invoice", "--tenant", "acme")["definition"]["vars"]["order_tag"] == "billed"
