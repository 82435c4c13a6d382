"""The embedded server: comes up from any state, stays, and opens nothing to anybody."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from aias.db import Embedded
from aias.db import embedded as embedded_module
from aias.db.binaries import is_root, server_account

needs_root = pytest.mark.skipif(not is_root(), reason="is about running as root")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the server's account can reach; pytest's own folders are private."""
    folder = Path(tempfile.mkdtemp(prefix="aias-home-"))
    folder.chmod(0o755)
    yield folder
    Embedded(folder).stop(immediate=True)
    shutil.rmtree(folder)


@pytest.fixture
def server(home: Path) -> Embedded:
    embedded = Embedded(home, options={"fsync": "off"})
    embedded.start()
    return embedded


def answer(url: str) -> object:
    with psycopg.connect(url, connect_timeout=5) as conn:
        row = conn.execute("select current_database() || ' ' || current_setting('timezone')").fetchone()
    return row and row[0]


def start_elsewhere(home: Path) -> subprocess.Popen[str]:
    code = f"from pathlib import Path; from aias.db import Embedded; print(Embedded(Path({str(home)!r})).start())"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_fresh_home_gets_a_server_with_the_database_in_utc(server: Embedded) -> None:
    assert answer(server.url) == "aias UTC"
    assert server.status().running
    assert server.status().version == "18"


def test_what_was_committed_is_there_after_a_stop(server: Embedded) -> None:
    with psycopg.connect(server.url) as conn:
        conn.execute("create table kept (id integer)")
    assert server.stop()
    assert not server.status().running
    assert not server.stop()
    server.start()
    with psycopg.connect(server.url) as conn:
        assert conn.execute("select count(*) from kept").fetchone() == (0,)


def test_the_server_outlives_the_process_that_started_it(home: Path) -> None:
    starter = start_elsewhere(home)
    output, errors = starter.communicate(timeout=60)
    assert starter.returncode == 0, errors
    assert answer(output.strip()) == "aias UTC"


def test_processes_that_start_it_at_once_find_one_server(home: Path) -> None:
    starters = [start_elsewhere(home) for _ in range(4)]
    outcomes = [(starter.communicate(timeout=90), starter.returncode) for starter in starters]
    assert [code for _, code in outcomes] == [0, 0, 0, 0], outcomes
    assert len({output for (output, _), _ in outcomes}) == 1


def test_a_killed_server_is_started_again_over_its_stale_pid_file(server: Embedded) -> None:
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
    assert (server.data / "postmaster.pid").exists()
    assert not server.status().running
    server.start()
    assert answer(server.url) == "aias UTC"


def test_a_pid_file_whose_number_another_process_has_now_does_not_count(server: Embedded) -> None:
    server.stop()
    pid_file = server.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{server.data}\n")
    assert not server.status().running
    server.start()
    assert answer(server.url) == "aias UTC"


def test_a_cluster_that_was_half_made_is_made_anew(home: Path) -> None:
    embedded = Embedded(home)
    embedded.folder.mkdir()
    half = embedded.folder / "data"
    half.mkdir()
    (half / "postgresql.conf").write_text("")
    if is_root():
        account = server_account()
        os.chown(embedded.folder, account.uid, account.gid)
    embedded.start()
    assert answer(embedded.url) == "aias UTC"


def test_a_starter_that_dies_half_way_leaves_a_home_that_starts(home: Path) -> None:
    starter = start_elsewhere(home)
    deadline = time.monotonic() + 30
    while not list(home.glob("*/data.new-*")) and starter.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    starter.kill()
    starter.communicate()
    assert answer(Embedded(home).start()) == "aias UTC"


def test_nobody_else_reaches_the_data_or_the_socket(server: Embedded) -> None:
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    pid = server.status().pid
    assert pid is not None
    assert not [c for c in psutil.Process(pid).net_connections("inet") if c.status == psutil.CONN_LISTEN]


def test_a_long_path_gets_a_short_folder_for_its_socket(home: Path) -> None:
    deep = home / ("long-" * 20)
    deep.mkdir(mode=0o755)
    embedded = Embedded(deep)
    try:
        assert answer(embedded.start()) == "aias UTC"
        assert stat.S_IMODE(embedded.socket_folder.stat().st_mode) == 0o700
    finally:
        embedded.stop(immediate=True)
        shutil.rmtree(embedded.socket_folder, ignore_errors=True)


@needs_root
def test_as_root_the_server_runs_under_an_unprivileged_account(server: Embedded) -> None:
    pid = server.status().pid
    assert pid is not None
    assert psutil.Process(pid).uids().real == server_account().uid != 0


@needs_root
def test_as_root_a_private_home_stays_private_and_the_data_goes_elsewhere(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = home / "private"
    (private / "home").mkdir(parents=True, mode=0o700)
    private.chmod(0o700)
    monkeypatch.setattr(embedded_module, "_ROOT_FOLDER", home / "elsewhere")
    embedded = Embedded(private / "home")
    try:
        assert answer(embedded.start()) == "aias UTC"
        assert embedded.data.is_relative_to(home / "elsewhere")
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert list((private / "home").iterdir()) == []
    finally:
        embedded.stop(immediate=True)


@needs_root
def test_as_a_plain_user_it_works_too(home: Path) -> None:
    account = server_account()
    os.chown(home, account.uid, account.gid)
    code = textwrap.dedent(f"""
        import os
        from pathlib import Path
        from aias.db import Embedded
        embedded = Embedded(Path({str(home)!r}))
        embedded.start()
        print(embedded.status().running, embedded.data.stat().st_uid == os.getuid())
        embedded.stop()
        print(embedded.status().running)
    """)
    # root's own Python may lie in root's private home; the system's of the same version can use the same packages
    python = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin") or sys.executable
    done = subprocess.run(
        [python, "-c", code],
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if "No module named" in done.stderr:
        pytest.skip(f"the packages of this environment are not readable for {account.name}")
    assert done.stdout.split() == ["True", "True", "False"], done.stderr


def test_a_server_that_can_not_start_says_why(home: Path) -> None:
    embedded = Embedded(home, options={"max_connections": "none"})
    with pytest.raises(embedded_module.DatabaseError, match="max_connections"):
        embedded.start()
