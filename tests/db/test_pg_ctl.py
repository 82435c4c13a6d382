"""The tests' own server goes when pytest goes, however that happens."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]

STARTER = """
import subprocess, sys
from pathlib import Path
from tests.pg_ctl import make_pg_ctl
folder = Path(sys.argv[2])
pg_ctl = make_pg_ctl()
data, log = str(folder / "data-1"), str(folder / "postgresql.1.log")
subprocess.run([pg_ctl, "initdb", "--pgdata", data, "-o", "--auth=trust"], check=True, stdout=subprocess.DEVNULL)
options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -p {sys.argv[1]}"
subprocess.run([pg_ctl, "start", "-D", data, "-o", options, "-l", log, "-w"], check=True, stdout=subprocess.DEVNULL)
print((Path(data) / "postmaster.pid").read_text().split()[0], Path(data).resolve().parent, flush=True)
input()
"""


def test_a_killed_pytest_leaves_no_server_and_no_files(unused_tcp_port: int, tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(unused_tcp_port), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
    )
    assert starter.stdout is not None
    pid, folder = starter.stdout.readline().split()
    assert psutil.pid_exists(int(pid))
    starter.kill()
    starter.communicate()
    deadline = time.monotonic() + 30
    while psutil.pid_exists(int(pid)) or Path(folder).exists():
        assert time.monotonic() < deadline, "the server or its files are still there"
        time.sleep(0.05)
