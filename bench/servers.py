"""PostgreSQL with default durability, and Redis, both for this benchmark only."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from aias.db import Embedded
from bench.errors import BenchError
from bench.processes import Processes, tail

__all__ = ["Connection", "Postgres", "Redis"]

Connection = psycopg.Connection[tuple[Any, ...]]

_TOLD = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "autovacuum")


class Postgres:
    """The embedded PostgreSQL in the benchmark's folder; databases are copies of templates, one per contender."""

    def __init__(self, folder: Path | None = None, *, url: str | None = None) -> None:
        """Keep its files in ``folder``; or take a server that runs already, by the URL of its maintenance database."""
        self._server = Embedded(folder / "home") if folder is not None else None
        self._base = url or ""
        self._numbers = itertools.count(1)
        self._templates: set[str] = set()

    def start(self) -> None:
        """Start it; what an earlier run left there is dropped."""
        if self._server is not None:
            self._base = self._server.start().replace("/aias?", "/postgres?")
        with self._admin() as conn:
            for (name,) in conn.execute("select datname from pg_database where datname like 'bench%'").fetchall():
                conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop it; the cluster stays for the next run."""
        if self._server is not None:
            self._server.stop()

    def describe(self) -> dict[str, str]:
        """Give its version and the settings that durability and speed depend on."""
        with self._admin() as conn:
            names = ("server_version", *_TOLD)
            return {name: str(_one(conn, sql.SQL("show {}").format(sql.Identifier(name)))) for name in names}

    @contextmanager
    def database(self, template: str, make: Callable[[str], None]) -> Iterator[str]:
        """Give the URL of a fresh database, a copy of a template that ``make`` fills once; dropped afterwards."""
        self._make_template(f"bench_template_{template}", make)
        name = f"bench_{next(self._numbers)}"
        self._create(name, f"bench_template_{template}")
        try:
            yield self._url(name)
        finally:
            with self._admin() as conn:
                conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def _make_template(self, name: str, make: Callable[[str], None]) -> None:
        if name in self._templates:
            return
        self._create(name, "template0")
        try:
            make(self._url(name))
        except BaseException:
            with self._admin() as conn:
                conn.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
            raise
        self._templates.add(name)

    def _create(self, name: str, template: str) -> None:
        with self._admin() as conn:
            conn.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def _url(self, database: str) -> str:
        return urlsplit(self._base)._replace(path=f"/{database}").geturl()

    def _admin(self) -> Connection:
        return psycopg.connect(self._url("postgres"), autocommit=True)


def _one(conn: Connection, statement: sql.Composed) -> object:
    row = conn.execute(statement).fetchone()
    return row[0] if row else None


class Redis:
    """A redis-server that writes every change to disk and syncs once a second, its documented durable setting."""

    def __init__(self, processes: Processes, program: Path, libraries: Path | None, folder: Path) -> None:
        self._processes = processes
        self._program = program
        self._folder = folder
        self._env = dict(os.environ)
        if libraries is not None:
            self._env["LD_LIBRARY_PATH"] = str(libraries)
        # short, because a socket has at most about 100 bytes; always the same, to find what a killed run left
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        self._home = Path(tempfile.gettempdir()) / f"bench-redis-{os.geteuid()}-{digest}"
        self.socket = self._home / "socket"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it on a Unix socket, with nothing in it."""
        with contextlib.suppress(OSError):
            self.ask("SHUTDOWN NOSAVE")
        for folder in (self._home, self._folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
        command = [str(self._program), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self._folder)]
        command += ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no"]
        command += ["--loglevel", "warning"]
        self._process = self._processes.start(command, env=self._env, log="redis", stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError):
                if self.ask("PING") == "+PONG":
                    return
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise BenchError(f"redis-server does not start\n{tail(self._process)}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it and remove its socket's folder."""
        if self._process is not None:
            self._processes.stop(self._process)
        shutil.rmtree(self._home, ignore_errors=True)

    def ask(self, command: str) -> str:
        """Send one command and give the first line of the answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.socket))
            connection.sendall(command.encode() + b"\r\n")
            return connection.makefile("r").readline().strip()

    def count(self, *commands: str) -> int:
        """Add up what some commands answer with a number."""
        return sum(int(self.ask(command).removeprefix(":")) for command in commands)

    def describe(self) -> Mapping[str, str]:
        """Give its version and settings."""
        shown = subprocess.run(
            [str(self._program), "--version"], env=self._env, capture_output=True, text=True, check=False, timeout=10
        ).stdout
        version = next((part[2:] for part in shown.split() if part.startswith("v=")), "?")
        return {"version": version, "appendonly": "yes", "appendfsync": "everysec"}
