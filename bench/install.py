"""Getting the peers: from PyPI, npm and Debian, each pinned, each in a folder of its own under ``.bench/``."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.errors import LeftOut

__all__ = ["NODE_PEERS", "PYTHON_PEERS", "RedisFiles", "install_node", "install_python", "install_redis"]

PYTHON_PEERS = {
    "pgqueuer": ("pgqueuer==1.6.0", "asyncpg==0.32.0", "uvloop==0.23.0"),
    "dbos": ("dbos==3.4.0", "psycopg[binary]==3.3.9", "sqlalchemy==2.1.9"),
}
NODE_PEERS = {
    "bullmq": ("bullmq@6.7.0", "ioredis@5.11.1"),
    "graphile-worker": ("graphile-worker@0.18.0",),
}
_DEBIAN_REDIS = ("redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1")
_TIMEOUT = 600


@dataclass(frozen=True, slots=True)
class RedisFiles:
    """The server's program, and where its libraries are if not the system's."""

    program: Path
    libraries: Path | None


def install_python(folder: Path, peer: str) -> Path:
    """Give the Python of a virtual environment that has the peer.

    Raises:
        LeftOut: it can't be installed.
    """
    target = folder / peer
    python = target / "bin" / "python"
    if not _is_installed(target, PYTHON_PEERS[peer]):
        shutil.rmtree(target, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(target)])
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PYTHON_PEERS[peer]])
        _note_installed(target, PYTHON_PEERS[peer])
    return python


def install_node(folder: Path, peer: str) -> Path:
    """Give a folder whose ``node_modules`` has the peer.

    Raises:
        LeftOut: there is no Node, or it can't be installed.
    """
    target = folder / peer
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise LeftOut("node and npm are not installed")
    if not _is_installed(target, NODE_PEERS[peer]):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        (target / "package.json").write_text(json.dumps({"name": f"bench-{peer}", "private": True}))
        _run(["npm", "install", "--no-audit", "--no-fund", "--save-exact", *NODE_PEERS[peer]], cwd=target)
        _note_installed(target, NODE_PEERS[peer])
    return target


def install_redis(folder: Path) -> RedisFiles:
    """Give a redis-server: the system's, else Debian's unpacked into the folder, else (as root) installed by apt-get.

    Raises:
        LeftOut: none of these is possible.
    """
    target = folder / "redis"
    unpacked = target / "root" / "usr" / "bin" / "redis-server"
    system = shutil.which("redis-server")
    if system is not None:
        return RedisFiles(Path(system), None)
    if not unpacked.exists():
        if shutil.which("apt-get") is None:
            raise LeftOut("there is no redis-server, and no apt-get to fetch one with")
        try:
            _unpack_debian(target)
        except LeftOut as error:
            if os.geteuid() != 0:
                raise
            _run(["apt-get", "install", "--yes", "--no-install-recommends", "redis-server"], because=str(error))
            installed = shutil.which("redis-server")
            if installed is None:
                raise LeftOut("apt-get installed redis-server, but it is not on the PATH") from None
            return RedisFiles(Path(installed), None)
    libraries = next((target / "root").rglob("libjemalloc.so*"), None)
    return RedisFiles(unpacked, libraries.parent if libraries else None)


def _unpack_debian(target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    try:
        _run(["apt-get", "download", *_DEBIAN_REDIS], cwd=target)
    except LeftOut:
        if os.geteuid() != 0:
            raise
        _run(["apt-get", "update", "--quiet"])
        _run(["apt-get", "download", *_DEBIAN_REDIS], cwd=target)
    for package in sorted(target.glob("*.deb")):
        _run(["dpkg", "-x", str(package), str(target / "root")])


def _stamp(packages: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(packages).encode()).hexdigest()


def _is_installed(target: Path, packages: Sequence[str]) -> bool:
    stamp = target / ".installed"
    return stamp.exists() and stamp.read_text() == _stamp(packages)


def _note_installed(target: Path, packages: Sequence[str]) -> None:
    (target / ".installed").write_text(_stamp(packages))


def _run(command: Sequence[str], *, cwd: Path | None = None, because: str = "") -> None:
    print(f"bench: {' '.join(command[:2])} ... {command[-1]}", file=sys.stderr)
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LeftOut(f"{command[0]}: {error}") from None
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if line.strip()][-4:]
        raise LeftOut("; ".join(filter(None, [f"`{' '.join(command[:3])}` failed: {' / '.join(lines)}", because])))
