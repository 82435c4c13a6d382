"""A ``pg_ctl`` for pytest-postgresql that works as root and leaves no server behind.

pytest-postgresql makes the cluster under pytest's temporary folder, which is private (0700), and runs ``pg_ctl``
itself. As root PostgreSQL needs another account, and that account can't get there. So root's ``pg_ctl`` is a small
script: it puts the cluster into a folder of the account's own, leaves a symbolic link where pytest-postgresql looks,
and calls the real program as that account. No permission of pytest's folders is changed.

A second small process reads from a pipe that only this pytest holds open. When pytest is gone, for whatever reason
(SIGKILL too), it stops the servers and removes their folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from aias.db.binaries import bundled_binaries, is_root, runnable, server_account

SHIM = """#!{python} -ISE
import os, subprocess, sys
pg_ctl, work, uid, gid = {pg_ctl!r}, {work!r}, {uid}, {gid}
def moved(argument):
    # pytest-postgresql names folders <pytest's folder>/data-PORT and <...>/postgresql.PORT.log
    return os.path.join(work, os.path.basename(argument))
arguments, asked = list(sys.argv[1:]), None
for flag in ("--pgdata", "-D", "-l"):
    if flag in arguments:
        at = arguments.index(flag) + 1
        asked = arguments[at] if flag != "-l" else asked
        arguments[at] = moved(arguments[at])
if arguments[0] == "initdb":
    os.symlink(moved(asked), asked)
as_account = dict(user=uid, group=gid, extra_groups=[]) if os.geteuid() == 0 else dict()
code = subprocess.run([pg_ctl, *arguments], cwd="/", **as_account).returncode
if arguments[0] == "stop" and code == 0:
    os.unlink(asked)
sys.exit(code)
"""

WATCHER = """
import glob, os, shutil, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)
work = sys.argv[1]
sys.stdin.buffer.read()          # returns when the last holder of the other end is gone
for pid_file in glob.glob(work + "/*/postmaster.pid"):
    try:
        pid = int(open(pid_file).readline())
        os.kill(pid, signal.SIGQUIT)
        for _ in range(100):
            os.kill(pid, 0)
            time.sleep(0.1)
    except (OSError, ValueError):
        pass
shutil.rmtree(work, ignore_errors=True)
"""


def make_pg_ctl() -> str:
    """Give the path of a ``pg_ctl``: the wheel's, or that of ``AIAS_TEST_POSTGRES`` (a folder of binaries)."""
    chosen = os.environ.get("AIAS_TEST_POSTGRES")
    binaries = Path(chosen) if chosen else runnable(bundled_binaries())
    if not (binaries / "pg_ctl").exists():
        raise RuntimeError(f"AIAS_TEST_POSTGRES={chosen}: there is no pg_ctl")
    account = server_account()
    work = Path(tempfile.mkdtemp(prefix="aias-tests-", dir=_memory()))
    if is_root():
        os.chown(work, account.uid, account.gid)
    # outside of `work`: as root, nothing that root executes may lie in a folder of the server's account
    shim = Path(tempfile.mkdtemp(prefix="aias-pg-ctl-")) / "pg_ctl"
    shim.write_text(
        SHIM.format(
            python=sys.executable, pg_ctl=str(binaries / "pg_ctl"), work=str(work), uid=account.uid, gid=account.gid
        )
    )
    shim.chmod(0o755)
    for folder in (work, shim.parent):
        _watch(folder)
    return str(shim)


def _memory() -> Path | None:
    """Give a folder in memory for the cluster, where there is room; none means the disk.

    A database is a thousand files: what is copied for each test is made several times as fast there.
    """
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    is_roomy = min(psutil.disk_usage(str(MEMORY)).free, psutil.virtual_memory().available) >= ROOM
    return MEMORY if is_roomy else None


def _watch(folder: Path) -> None:
    watcher = subprocess.Popen(
        [sys.executable, "-ISE", "-c", WATCHER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )
    _WATCHERS.append(watcher)


MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
"""Bytes. A run uses a tenth of that: a dozen databases of 16 MB, and their log."""

_WATCHERS: list[subprocess.Popen[bytes]] = []
