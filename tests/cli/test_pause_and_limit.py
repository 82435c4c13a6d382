"""``aias pause``, ``resume`` and ``limit`` on a database."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from aias.cli import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    monkeypatch.setenv("DATABASE_URL", database_url)

    def call(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert isinstance(caught.value.code, int)
        captured = capsys.readouterr()
        return caught.value.code, captured.out or captured.err

    return call


def test_a_lane_is_paused_shown_and_resumed(run: Run) -> None:
    assert run("pause", "lane", "pro", "--reason", "upgrade") == (0, "lane pro: paused\n")
    code, out = run("pause", "--json")
    assert code == 0
    (pause,) = json.loads(out)["pauses"]
    assert (pause["scope"], pause["name"], pause["reason"]) == ("lane", "pro", "upgrade")
    assert run("resume", "lane", "pro") == (0, "lane pro: resumed\n")
    assert run("resume", "lane", "pro")[0] == 3
    assert run("pause", "lane")[0] == 2


def test_a_limit_is_set_listed_and_removed(run: Run) -> None:
    assert run("limit", "set", "key", "books", "--max-running", "3", "--rate", "10", "--per", "1")[0] == 0
    code, out = run("limit", "list", "--json")
    assert code == 0
    (limit,) = json.loads(out)["limits"]
    assert (limit["max_running"], limit["rate"], limit["burst"], limit["running_count"]) == (3, 10, 1, 0)
    assert run("limit", "remove", "key", "books")[0] == 0
    assert run("limit", "remove", "key", "books")[0] == 3
    assert run("limit", "set", "key", "books")[0] == 2
