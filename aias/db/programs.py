"""PostgreSQL's client programs: the wheel's for the embedded server, else the system's where they are new enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg

from aias.db.binaries import bundled_binaries
from aias.db.target import password_of, without_password
from aias.errors import DatabaseError

__all__ = ["find_program", "run_program", "server_major"]

_SYSTEM = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def find_program(name: str, *, major: int, is_embedded: bool) -> Path:
    """Give the path of a program (``pg_dump``, ...) that can talk to a server of this major version.

    A program of an older version than the server refuses it. The wheel's know no TLS, so that for a server elsewhere
    the system's come first: what is on the PATH, then the newest under /usr/lib/postgresql.

    Raises:
        DatabaseError: there is none, or each is too old.
    """
    candidates = _bundled(name) if is_embedded else [*_of_the_system(name), *_bundled(name)]
    found: list[str] = []
    for candidate in candidates:
        version = _major_of(candidate)
        if version is not None and version >= major:
            return candidate
        found.append(f"{candidate} ({version or 'no version'})")
    told = f"found only {', '.join(found)}" if found else "found none"
    raise DatabaseError(f"PostgreSQL {major} needs a {name} of version {major} or later: {told}; install one")


def run_program(program: Path, arguments: list[str], *, url: str, timeout: float) -> None:
    """Run a program on the database at ``url`` until it ends; ``timeout`` in seconds.

    The password goes by the environment: everybody may read a command line.

    Raises:
        DatabaseError: it failed (the message has what it said), or took longer.
    """
    environment = dict(os.environ) | {"LC_ALL": "C"}
    if (password := password_of(url)) is not None:
        environment["PGPASSWORD"] = password
    try:
        done = subprocess.run(
            [str(program), f"--dbname={without_password(url)}", "--no-password", *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise DatabaseError(f"{program.name} did not end within {timeout:g} s") from None
    if done.returncode != 0:
        raise DatabaseError(f"{program.name} failed: {done.stderr.strip()[-2000:] or f'exit code {done.returncode}'}")


def server_major(conn: psycopg.Connection) -> int:
    """Give the major version of the server."""
    return conn.info.server_version // 10_000


def _bundled(name: str) -> list[Path]:
    try:
        program = bundled_binaries() / name
    except DatabaseError:
        return []
    return [program] if program.exists() else []


def _of_the_system(name: str) -> list[Path]:
    on_path = shutil.which(name)
    installed = [folder / "bin" / name for folder in _SYSTEM.glob("[0-9]*") if (folder / "bin" / name).exists()]
    installed.sort(key=lambda path: int(path.parent.parent.name), reverse=True)
    return ([Path(on_path)] if on_path else []) + installed


def _major_of(program: Path) -> int | None:
    try:
        said = subprocess.run([str(program), "--version"], check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(said.stdout)
    return None if found is None else int(found.group(1))
