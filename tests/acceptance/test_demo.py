"""``aias demo``, as a new user runs it: a process of its own, with workers that it starts and one that it kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

pytestmark = pytest.mark.slow

LOCK = int.from_bytes(b"aiasdemo", "big")


@pytest.fixture
def demo_server(server_url: str) -> Iterator[str]:
    """The server's maintenance database; the demo's own is dropped afterwards."""
    yield server_url
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute("drop database if exists aias_demo with (force)")


def start(server: str, home: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from aias.cli import main; main()", "demo", "--json", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home.parent,
        env=os.environ | {"DATABASE_URL": server, "AIAS_HOME": str(home)},
    )


def workers_of(home: Path) -> list[int]:
    """Live worker processes that were started with this home."""
    found: list[int] = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("AIAS_HOME") == str(home) and "--app=aias.app.app" in process.cmdline():
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


@pytest.mark.timeout(180)
def test_a_demo_loses_nothing_and_does_nothing_twice(demo_server: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    running = start(demo_server, home, "--orders", "8")
    out, err = running.communicate(timeout=170)
    assert running.returncode == 0, f"{out}\n{err}"
    report: dict[str, Any] = json.loads(out)

    assert report["problems"] == []
    assert report["orders"] == 8
    assert report["executions"] == {"failed": 1, "succeeded": 7}
    assert (report["invoices_expected"], report["invoices_found"]) == (7, 7)
    assert (report["duplicates"], report["lost"]) == (0, 0)
    assert (report["dead_letters"], report["repeated_starts"]) == (1, 1)
    assert report["retries"] >= 2  # two 503; the 429 only puts its call off
    assert report["steps"] == 7 * 7 + 3  # the refused order got as far as its invoice
    assert report["rescued"] >= 1
    assert 0 < report["seconds"] < 120

    assert report["killed"]["status"] == "succeeded"
    assert report["killed"]["attempt"] >= 2
    assert [worker["exit_code"] for worker in report["workers"]] == [-signal.SIGKILL, None]
    assert workers_of(home) == []

    with psycopg.connect(make_conninfo(demo_server, dbname="aias_demo")) as conn:
        for query in report["sql"]:
            assert conn.execute(query["sql"]).fetchall(), query["about"]  # pyright: ignore[reportArgumentType]
        events = conn.execute(
            "select type from aias.execution_events where execution_id = %s", (UUID(report["killed"]["execution"]),)
        ).fetchall()
        assert ("rescued",) in events
    assert "aias" in report["database"]
    assert "password" not in report["database"]


@pytest.mark.timeout(120)
def test_an_interrupted_demo_leaves_no_worker(demo_server: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    running = start(demo_server, home)
    deadline = time.monotonic() + 60
    while not workers_of(home):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in out + err
    assert workers_of(home) == []


def test_a_database_of_somebody_else_is_never_touched(demo_server: str, tmp_path: Path) -> None:
    with psycopg.connect(demo_server, autocommit=True) as admin:
        admin.execute("create database aias_demo")
    running = start(demo_server, tmp_path / "home")
    _, err = running.communicate(timeout=60)
    assert running.returncode == 4
    assert "aias_demo that no demo made" in err
    with psycopg.connect(demo_server) as admin:
        assert admin.execute("select count(*) from pg_database where datname = 'aias_demo'").fetchone() == (1,)


def test_two_demos_on_one_server_are_a_conflict(demo_server: str, tmp_path: Path) -> None:
    with psycopg.connect(demo_server, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", (LOCK,))
        running = start(demo_server, tmp_path / "home")
        _, err = running.communicate(timeout=60)
    assert running.returncode == 4
    assert "another demo runs" in err
