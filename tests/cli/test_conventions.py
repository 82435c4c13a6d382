"""What holds for every command: one JSON document, exit codes, no traceback, no password."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import click
import psycopg
import pytest

from aias import cli
from aias.cli import COMMANDS, main
from aias.cli.output import Command, dumps, emit, table
from aias.errors import (
    AiasError,
    Conflict,
    DefinitionError,
    Forbidden,
    InvalidArgument,
    NotFound,
    Problem,
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process; give exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        captured = capsys.readouterr()
        assert isinstance(caught.value.code, int)
        return caught.value.code, captured.out, captured.err

    return call


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Let ``aias config`` raise an error."""

    def install(error: BaseException) -> None:
        @click.command(cls=Command, name="config")
        def command() -> None:
            raise error

        monkeypatch.setattr("aias.cli.config.command", command)

    return install


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        return [(path, command)]
    context = click.Context(command)
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        assert child is not None
        found += leaves(child, (*path, name))
    return found


ALL = leaves(cli._aias)


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_every_command_has_help_and_json(path: tuple[str, ...], command: click.Command, run: Run) -> None:
    code, out, _ = run(*path, "--help")
    assert code == 0
    assert command.help
    assert all(isinstance(option, click.Option) is False or option.help for option in command.params)
    assert "--json" in out


def test_help_lists_every_registered_command(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert [name for name in COMMANDS if name not in out] == []


def test_the_version_is_told(run: Run) -> None:
    code, out, _ = run("--version")
    assert (code, out.startswith("aias, version ")) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing",), "No such command 'nothing'"),
        (("db", "nothing"), "No such command 'nothing'"),
        (("config", "--colour"), "No such option"),
        (("config", "surplus"), "unexpected extra argument"),
    ],
)
def test_a_usage_error_is_exit_code_2_and_one_line(arguments: tuple[str, ...], message: str, run: Run) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert "--help" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "code", "document"),
    [
        (AiasError("broken"), 1, {"type": "AiasError", "message": "broken"}),
        (
            Forbidden("not yours", argument="p_tenant"),
            1,
            {"type": "Forbidden", "message": "not yours", "code": "JR403", "argument": "p_tenant"},
        ),
        (InvalidArgument("bad"), 2, {"type": "InvalidArgument", "message": "bad", "code": "JR422"}),
        (NotFound("no such"), 3, {"type": "NotFound", "message": "no such", "code": "JR404"}),
        (Conflict("again"), 4, {"type": "Conflict", "message": "again", "code": "JR409"}),
        (
            DefinitionError([Problem(path="$.name", message="is missing")]),
            2,
            {
                "type": "DefinitionError",
                "message": "$.name: is missing",
                "problems": [{"path": "$.name", "message": "is missing"}],
            },
        ),
        (psycopg.OperationalError("connection refused"), 1, {"type": "DatabaseError", "message": "connection refused"}),
        (
            RuntimeError("a bug"),
            1,
            {"type": "Unexpected", "message": "RuntimeError: a bug (unexpected; --debug shows where)"},
        ),
    ],
)
def test_an_error_is_an_exit_code_a_line_and_with_json_a_document(
    error: Exception, code: int, document: dict[str, object], failing: Callable[[BaseException], None], run: Run
) -> None:
    failing(error)
    assert run("config") == (code, "", f"aias: {document['message']}\n")
    found, out, err = run("config", "--json")
    assert (found, json.loads(out)) == (code, {"error": document})
    assert "Traceback" not in err


def test_debug_shows_where_an_error_came_from(failing: Callable[[BaseException], None], run: Run) -> None:
    failing(RuntimeError("a bug"))
    _, _, err = run("config", "--debug")
    assert "Traceback" in err
    assert "test_conventions.py" in err


def test_ctrl_c_is_exit_code_130_without_a_traceback(failing: Callable[[BaseException], None], run: Run) -> None:
    failing(KeyboardInterrupt())
    code, _, err = run("config")
    assert code == 130
    assert "Traceback" not in err


def test_output_that_nobody_reads_ends_quietly(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-c", "from aias.cli import main; main(['config'])"],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 1


def test_completion_of_the_shell_knows_the_commands(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from aias.cli import main; main()"],
        env=os.environ | {"_AIAS_COMPLETE": "bash_complete", "COMP_WORDS": "aias db m", "COMP_CWORD": "2"},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["plain,migrate"]


def test_json_has_one_form_for_times_ids_durations_and_paths() -> None:
    document = {
        "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "id": UUID(int=1),
        "for": timedelta(minutes=2),
        "in": Path("/tmp"),
        "price": Decimal("1.50"),
        "name": "株式会社テスト",
    }
    assert json.loads(dumps(document)) == {
        "at": "2026-01-02T03:04:05Z",
        "id": "00000000-0000-0000-0000-000000000001",
        "for": 120.0,
        "in": "/tmp",
        "price": "1.50",
        "name": "株式会社テスト",
    }
    with pytest.raises(TypeError, match="set has no JSON form"):
        dumps({1, 2})


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def test_a_table_off_a_terminal_is_plain_aligned_text_in_local_time(berlin: None) -> None:
    rows = [("a", 1, None), ("longer", True, datetime(2026, 1, 2, tzinfo=UTC))]
    assert table(("name", "n", "at"), rows).splitlines() == [
        "NAME    N    AT",
        "a       1",
        "longer  yes  2026-01-02 01:00:00+01:00",
    ]


def test_lines_are_printed_one_below_the_other(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del capsys

    @click.command(cls=Command, name="config")
    def command() -> None:
        emit({"lines": 2}, ["one", "two"])

    monkeypatch.setattr("aias.cli.config.command", command)
    assert run("config") == (0, "one\ntwo\n", "")
    assert json.loads(run("config", "--json")[1]) == {"lines": 2}
