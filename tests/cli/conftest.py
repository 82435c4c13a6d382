"""The command line under test: in this process for its results, in one of its own where the process is the point."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aias.cli import main

PROGRAM = [sys.executable, "-m", "aias"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as the one document that it must be."""
        return json.loads(self.out)

    @property
    def message(self) -> str:
        """The one line on stderr that says what went wrong."""
        lines = [line for line in self.err.splitlines() if line]
        assert len(lines) == 1, self.err
        assert lines[0].startswith("aias: ")
        return lines[0].removeprefix("aias: ")


Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An AIAS_HOME of the test's own, and a working folder without ``.env``."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("AIAS_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("tenant", "list")``: one command, in this process, with the environment as it is."""

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Result(code=int(ended.value.code or 0), out=out, err=err)

    return call


@pytest.fixture
def cli(run: Run, home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same, on a migrated database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return run


@pytest.fixture
def ok(cli: Run) -> Callable[..., Any]:
    """``ok("tenant", "list")``: one command with ``--json`` that succeeds; gives its document."""

    def call(*arguments: str) -> Any:
        result = cli(*arguments, "--json")
        assert result.code == 0, result.err
        return result.json

    return call


@pytest.fixture
def process(home: Path, database_url: str) -> Callable[..., subprocess.Popen[str]]:
    """``process("run", ...)``: one command in a process of its own, on a migrated database."""

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "AIAS_HOME": str(home), "DATABASE_URL": database_url, **environment},
        )

    return start


def first_document(process: subprocess.Popen[str]) -> Any:
    """Read stdout until the one document is whole; the command goes on."""
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if line == "}\n":
            return json.loads(text)
    raise AssertionError(text)


@pytest.fixture
def simulators(home: Path) -> Iterator[Any]:
    """``aias simulator all --json``, and what it says when it is ready."""
    process = subprocess.Popen(
        [*PROGRAM, "simulator", "all", "--orders", "3", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield first_document(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")
