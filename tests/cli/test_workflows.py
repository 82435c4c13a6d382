"""``aias workflow``: definitions from the file to the running version."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

Ok = Callable[..., Any]

DEFINITION = """
name: greet
description: Greets.
input: {type: object, properties: {name: {type: string}}, required: [name]}
steps:
  - id: words
    action: transform
    input: {hello: "{{ input.name }}"}
  - id: decide
    action: approval
    needs: [words]
    when: "{{ input.name != 'nobody' }}"
    input: {message: "Greet {{ steps.words.output.hello }}?"}
  - id: tell
    action: http.request
    needs: [decide]
    input: {method: POST, url: "https://example.com/"}
    on_failure: {step: note}
  - id: note
    action: noop
output: {said: "{{ steps.words.output.hello }}"}
"""

BROKEN = """
name: Broken Name
steps:
  - {id: a, action: nothing.here, needs: [b]}
  - {id: b, action: noop, needs: [a]}
  - {id: c, action: noop}
  - {id: c, action: noop}
"""


@pytest.fixture
def file(home: Path) -> str:
    path = home / "greet.yaml"
    path.write_text(DEFINITION)
    return str(path)


@pytest.fixture
def broken(home: Path) -> str:
    path = home / "broken.yaml"
    path.write_text(BROKEN)
    return str(path)


@pytest.fixture
def acme(ok: Ok) -> str:
    ok("tenant", "create", "acme", "--plan", "pro")
    return "acme"


@pytest.mark.parametrize("options", [[], ["--offline"], ["--tenant", "acme"]])
def test_every_problem_of_every_file_is_told_at_once(
    cli: Run, acme: str, file: str, broken: str, options: list[str]
) -> None:
    result = cli("workflow", "validate", file, broken, *options, "--json")
    assert result.code == 2
    good, bad = result.json["files"]
    assert (good["file"], good["problems"]) == (file, [])
    paths = {problem["path"] for problem in bad["problems"]}
    assert {"$.name", "$.steps[0].action", "$.steps[3].id"} <= paths
    assert any("cycle" in problem["message"] or "circle" in problem["message"] for problem in bad["problems"])
    text = cli("workflow", "validate", file, broken, *options).out
    assert f"{file}: valid" in text
    assert f"{broken}: $.name" in text


def test_a_schema_keyword_that_is_not_supported_is_found_in_the_database(cli: Run, home: Path) -> None:
    path = home / "schema.yaml"
    path.write_text("name: x\ninput: {unevaluatedProperties: false}\nsteps: [{id: a, action: noop}]\n")
    result = cli("workflow", "validate", str(path), "--json")
    assert result.code == 2
    assert result.json["files"][0]["problems"][0]["path"].startswith("$.input")


def test_a_definition_is_applied_shown_and_listed(ok: Ok, cli: Run, acme: str, file: str) -> None:
    (applied,) = ok("workflow", "apply", file, "--tenant", acme)["applied"]
    assert (applied["name"], applied["version"], applied["is_changed"]) == ("greet", 1, True)
    (again,) = ok("workflow", "apply", file, "--tenant", acme)["applied"]
    assert (again["version"], again["is_changed"]) == (1, False)
    Path(file).write_text(DEFINITION.replace("Greets.", "Greets again."))
    assert ok("workflow", "apply", file, "--tenant", acme)["applied"][0]["version"] == 2

    shown = ok("workflow", "show", "greet", "--tenant", acme)
    assert (shown["version"], shown["is_enabled"], shown["definition"]["description"]) == (2, True, "Greets again.")
    old = ok("workflow", "show", "greet", "--tenant", acme, "--version", "1")
    assert (old["version"], old["definition"]["description"]) == (1, "Greets.")
    assert cli("workflow", "show", "greet", "--tenant", acme, "--version", "9").code == 3
    assert cli("workflow", "show", "nothing", "--tenant", acme).code == 3

    (row,) = ok("workflow", "list")["workflows"]
    assert (row["tenant"], row["name"], row["version"], row["is_enabled"]) == ("acme", "greet", 2, True)
    assert ok("workflow", "list", "--tenant", acme, "--limit", "1")["workflows"] == [row]
    # what is shown can be applied again
    Path(file).write_text(cli("workflow", "show", "greet", "--tenant", acme).out)
    assert ok("workflow", "apply", file, "--tenant", acme)["applied"][0]["is_changed"] is False


def test_one_refused_definition_keeps_all_of_them_out(ok: Ok, cli: Run, acme: str, file: str, broken: str) -> None:
    result = cli("workflow", "apply", file, broken, "--tenant", acme, "--json")
    assert result.code == 2
    error = result.json["error"]
    assert error["type"] == "DefinitionError"
    assert len(error["problems"]) >= 3
    assert broken in result.err
    assert ok("workflow", "list")["workflows"] == []


def test_a_file_that_is_not_there_is_a_usage_error(cli: Run, acme: str) -> None:
    for command in (
        ["validate", "nothing.yaml"],
        ["apply", "nothing.yaml", "--tenant", acme],
        ["graph", "nothing.yaml"],
    ):
        result = cli("workflow", *command)
        assert result.code == 2
        assert "nothing.yaml" in result.message


def test_a_graph_is_drawn_as_text_and_for_mermaid(ok: Ok, cli: Run, acme: str, file: str, broken: str) -> None:
    assert cli("workflow", "graph", file).out.splitlines() == [
        "words: transform",
        "  decide: approval  (after words; when {{ input.name != 'nobody' }})",
        "    tell: http.request  (after decide)",
        "      note: noop  (if tell fails)",
    ]
    assert cli("workflow", "graph", file, "--format", "mermaid").out.splitlines() == [
        "flowchart TD",
        '    s0["words<br/>transform"]',
        '    s1["decide<br/>approval"]',
        '    s2["tell<br/>http.request"]',
        '    s3["note<br/>noop"]',
        "    s0 --> s1",
        "    s1 --> s2",
        "    s2 -. if it fails .-> s3",
    ]
    ok("workflow", "apply", file, "--tenant", acme)
    drawn = ok("workflow", "graph", "greet", "--tenant", acme)
    assert [step["id"] for step in drawn["steps"]] == ["words", "decide", "tell", "note"]
    assert {"from": "tell", "to": "note", "kind": "fallback"} in drawn["edges"]
    assert cli("workflow", "graph", broken).code == 2


def test_a_dry_run_tells_what_would_happen_and_does_nothing(ok: Ok, cli: Run, acme: str, file: str) -> None:
    planned = ok("workflow", "dry-run", file, "--input", '{"name": "Buyer 017"}')["steps"]
    assert [(step["step"], step["fate"]) for step in planned] == [
        ("words", "computed"),
        ("decide", "waits"),
        ("tell", "called"),
        ("note", "may be called"),
    ]
    assert planned[0]["output"] == {"hello": "Buyer 017"}
    skipped = ok("workflow", "dry-run", file, "--input", '{"name": "nobody"}')["steps"]
    assert skipped[1]["fate"] == "skipped"
    ok("workflow", "apply", file, "--tenant", acme)
    options = ("--output", "words", json.dumps({"hello": "x"}))
    assert ok("workflow", "dry-run", "greet", "--tenant", acme, "--input", '{"name": "y"}', *options)["steps"]
    assert ok("execution", "list")["executions"] == []


def test_a_workflow_is_switched_off_and_on_and_deleted(ok: Ok, cli: Run, acme: str, file: str) -> None:
    ok("workflow", "apply", file, "--tenant", acme)
    start = ("run", "greet", "--tenant", acme, "--input", '{"name": "x"}')
    assert ok("workflow", "disable", "greet", "--tenant", acme)["is_enabled"] is False
    assert cli(*start).code == 4
    assert ok("workflow", "enable", "greet", "--tenant", acme)["is_enabled"] is True
    execution = ok(*start)["id"]
    assert cli("workflow", "delete", "greet", "--tenant", acme).code == 4
    ok("execution", "cancel", execution)
    assert ok("workflow", "delete", "greet", "--tenant", acme)["deleted"] is True
    assert cli(*start).code == 3
    assert ok("workflow", "list")["workflows"] == []
    assert cli("workflow", "enable", "greet", "--tenant", acme).code == 3
