"""``aias db backup`` and ``aias db restore``: what they print, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run


def test_a_backup_comes_back_by_force_only(ok: Callable[..., Any], cli: Run, tmp_path: Path) -> None:
    ok("tenant", "create", "acme", "--plan", "pro")
    file = str(tmp_path / "aias.dump")
    made = ok("db", "backup", file)
    assert made["row_count"] > 0
    assert cli("db", "backup", file).code == 4
    ok("tenant", "create", "later", "--plan", "pro")
    refused = cli("db", "restore", file)
    assert (refused.code, "--force" in refused.message) == (4, True)
    done = ok("db", "restore", file, "--force")
    assert (done["differences"], done["restored"]["row_count"]) == ([], made["row_count"])
    assert [tenant["slug"] for tenant in ok("tenant", "list")["tenants"]] == ["acme"]
    assert cli("db", "restore", file, "--until", "2026-11-24T12:00:00Z").code == 2
    assert cli("db", "restore", str(tmp_path / "nothing")).code == 3
    # a server that is not the embedded one is its administrator's to copy
    for refusal in (cli("db", "backup", str(tmp_path / "base"), "--base"), cli("db", "restore", str(tmp_path))):
        assert (refusal.code, "back-up.md" in refusal.message) == (2, True)
