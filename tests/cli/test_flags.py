"""``aias flag`` and the rules of ``aias plugin`` on a database."""

from __future__ import annotations

import json
from collections.abc import Callable

import psycopg
import pytest

from aias.cli import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with psycopg.connect(database_url) as conn:
        conn.execute("select aias.create_tenant('acme')")

    def call(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert isinstance(caught.value.code, int)
        captured = capsys.readouterr()
        return caught.value.code, captured.out or captured.err

    return call


def test_a_flag_is_set_listed_for_a_tenant_and_removed(run: Run) -> None:
    assert run("flag", "set", "new_way", "--percentage", "0", "--description", "a new way") == (0, "new_way: 0 %\n")
    assert run("flag", "set", "new_way", "--tenant", "acme", "--on") == (0, "new_way: on for acme\n")
    code, out = run("flag", "list", "--tenant", "acme", "--json")
    assert code == 0
    shipped, flag = json.loads(out)["flags"]
    assert (shipped["name"], shipped["is_on"]) == ("equal_jitter", False)
    assert flag == {
        "name": "new_way",
        "percentage": 0.0,
        "description": "a new way",
        "tenants": {"acme": True},
        "is_on": True,
    }
    assert run("flag", "set", "new_way", "--tenant", "acme", "--default")[0] == 0
    assert run("flag", "set", "new_way", "--tenant", "acme")[0] == 2
    assert run("flag", "set", "new_way", "--on")[0] == 2
    assert run("flag", "remove", "new_way")[0] == 0
    assert run("flag", "remove", "new_way")[0] == 3


def test_a_plugin_is_refused_allowed_and_reset(run: Run) -> None:
    assert run("plugin", "refuse", "aias-parcel", "--tenant", "acme", "--reason", "in trial")[0] == 0
    code, out = run("plugin", "rules", "--json")
    assert code == 0
    (rule,) = json.loads(out)["rules"]
    assert (rule["plugin"], rule["tenant"], rule["is_allowed"], rule["reason"]) == (
        "aias-parcel",
        "acme",
        False,
        "in trial",
    )
    assert run("plugin", "allow", "aias-parcel")[0] == 0
    assert run("plugin", "reset", "aias-parcel", "--tenant", "acme")[0] == 0
    code, out = run("plugin", "rules", "--tenant", "acme")
    assert code == 0
    assert "(all)" in out
    assert run("plugin", "refuse", "aias-parcel", "--tenant", "nobody")[0] == 3
    assert run("plugin", "refuse", "aias")[0] != 0


def test_the_plugins_are_listed_with_what_they_bring(run: Run) -> None:
    code, out = run("plugin", "list", "--json")
    assert code == 0
    listed = json.loads(out)
    own = listed["plugins"][0]
    assert (own["name"], own["state"], own["problem"]) == ("aias", "loaded", None)
    assert all(action["plugin"] == "aias" for action in listed["actions"])
    assert listed["failures"] == []
