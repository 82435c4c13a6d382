"""``aias tenant``, ``aias user``, ``aias lane``, ``aias audit``: what they print and how they refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aias.cli.calls import operator
from tests.cli.conftest import Run

Ok = Callable[..., Any]


def test_a_tenant_is_made_listed_and_moved_to_another_plan(ok: Ok) -> None:
    made = ok("tenant", "create", "acme", "--plan", "pro", "--name", "Zoë Ünïcode Test", "--industry", "toys")
    assert made["slug"] == "acme"
    assert re.fullmatch(r"[0-9a-f-]{36}", made["id"])
    assert ok("tenant", "set-plan", "acme", "free") == {"slug": "acme", "plan": "free"}
    (row,) = ok("tenant", "list")["tenants"]
    assert row["id"] == made["id"]
    assert (row["name"], row["plan"], row["lane"], row["industry"]) == ("Zoë Ünïcode Test", "free", "free", "toys")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", row["created_at"])


def test_a_list_of_tenants_is_bounded(ok: Ok) -> None:
    for slug in ("a", "b", "c"):
        ok("tenant", "create", slug)
    assert [row["slug"] for row in ok("tenant", "list", "--limit", "2")["tenants"]] == ["a", "b"]


def test_a_table_is_aligned_under_its_head(ok: Ok, cli: Run) -> None:
    ok("tenant", "create", "a", "--name", "A rather long name")
    ok("tenant", "create", "b", "--name", "B")
    head, *rows = cli("tenant", "list").out.splitlines()
    assert head.startswith("SLUG  NAME")
    assert {row.index("free") for row in rows} == {head.index("PLAN")}


def test_a_taken_slug_is_a_conflict(ok: Ok, cli: Run) -> None:
    ok("tenant", "create", "acme")
    result = cli("tenant", "create", "acme")
    assert (result.code, result.out) == (4, "")
    assert "acme" in result.message


def test_a_bad_slug_is_told_with_its_rule(cli: Run) -> None:
    result = cli("tenant", "create", "Not A Slug")
    assert result.code == 2
    assert "small letters" in result.message


def test_an_unknown_tenant_or_plan_is_not_found(ok: Ok, cli: Run) -> None:
    assert cli("tenant", "set-plan", "nobody", "pro").code == 3
    ok("tenant", "create", "acme")
    assert cli("tenant", "set-plan", "acme", "platinum").code == 3


def test_a_failure_with_json_is_one_document_too(cli: Run) -> None:
    result = cli("tenant", "set-plan", "nobody", "pro", "--json")
    assert result.code == 3
    error = result.json["error"]
    assert (error["type"], error["code"], error["argument"]) == ("NotFound", "JR404", "p_tenant")
    assert "nobody" in error["message"]


def test_a_person_is_added_to_a_tenant_once(ok: Ok, cli: Run) -> None:
    ok("tenant", "create", "acme")
    made = ok("user", "create", "buyer017@example.com", "--tenant", "acme", "--role", "owner")
    assert (made["tenant"], made["email"], made["role"]) == ("acme", "buyer017@example.com", "owner")
    assert cli("user", "create", "BUYER017@example.com", "--tenant", "acme").code == 4
    assert cli("user", "create", "no-address", "--tenant", "acme").code == 2
    assert cli("user", "create", "buyer018@example.com", "--tenant", "nobody").code == 3


def test_lanes_are_listed_with_what_waits_in_them(ok: Ok) -> None:
    ok("job", "enqueue", "acme.task")
    lanes = {row["name"]: row for row in ok("lane", "list")["lanes"]}
    assert next(iter(lanes)) == "critical"
    assert (lanes["maintenance"]["waiting_count"], lanes["maintenance"]["worker_count"]) == (1, 0)
    assert lanes["pro"]["weight"] == 16


def test_the_audit_log_names_who_ran_the_command(ok: Ok, cli: Run) -> None:
    ok("tenant", "create", "acme")
    ok("tenant", "create", "other")
    (entry,) = ok("audit", "list", "--tenant", "acme")["audit"]
    assert (entry["action"], entry["actor"], entry["object_kind"]) == ("tenant.created", operator(), "tenant")
    assert len(ok("audit", "list", "--action", "tenant.created", "--limit", "5")["audit"]) == 2
    assert ok("audit", "list", "--action", "tenant.deleted")["audit"] == []
    assert cli("audit", "list", "--tenant", "nobody").code == 3
