"""Whoever is woken finds what to do: a section of the runbook for every rule that comes with AIAS, and none besides."""

from __future__ import annotations

import re
from pathlib import Path

from tests.alerts.conftest import Watch

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"


def test_every_shipped_rule_has_a_section_that_says_what_it_means_and_what_to_do(watch: Watch) -> None:
    sections = {
        part.split("\n", 1)[0]: part
        for part in re.split(r"^## ", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    }
    shipped = {row["name"]: row["severity"] for row in watch.rows("select name, severity from aias.alert_rules")}
    assert sections.keys() == shipped.keys()
    for name, text in sections.items():
        assert f"*{shipped[name]}*" in text, name
        assert all(word in text for word in ("**Means** ", "**Look at**", "**Do** ")), name
