"""The embedded PostgreSQL: a server of one's own under ``AIAS_HOME``, started when needed, left running.

::

    AIAS_HOME/postgresql-18.lock     held while a process looks, starts or stops
    AIAS_HOME/postgresql-18/         0700, of the server's account
        data/                        the cluster; outlives every process
        run/                         the socket
        log                          the server's messages

How one gets in: over the Unix socket only, without a password. The folder above the socket is 0700, so only the
account that runs the server and root get that far; there is no TCP port and no secret to leak into a process list, a
log or a URL. A path that is too long for a socket (about 100 bytes) gets a short folder of its own under /tmp.

As root, PostgreSQL runs under an unprivileged account (see ``binaries``). If that account can't reach ``AIAS_HOME``
because a parent is private, the server's folder is ``/var/lib/aias/homes/<digest of the path>`` instead; no parent's
permissions are ever changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil
import psycopg

from aias.db.binaries import Account, as_account, bundled_binaries, is_root, reachable, runnable, server_account
from aias.errors import DatabaseError

__all__ = ["Embedded", "EmbeddedStatus"]

DATABASE = "aias"
USER = "postgres"

_MAJOR = "18"
_LONGEST_SOCKET_FOLDER = 90  # sockaddr_un has 104 to 108 bytes; /.s.PGSQL.5432 and a lock file's suffix follow
_START_TIMEOUT = 120
_ROOT_FOLDER = Path("/var/lib/aias/homes")
_LOG_LIMIT = 20_000_000

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%a ",
    "log_lock_waits": "on",
    "log_checkpoints": "off",
    "max_wal_size": "1GB",
    "unix_socket_permissions": "0700",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedStatus:
    """How the server stands."""

    running: bool
    pid: int | None
    version: str | None
    url: str
    data: Path
    log: Path


class Embedded:
    """The server that belongs to one home; constructing it touches nothing."""

    def __init__(self, home: Path, *, options: dict[str, str] | None = None) -> None:
        self.home = home.absolute()
        self.folder = _server_folder(self.home)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.socket_folder = _socket_folder(self.folder)
        self._options = options or {}

    @property
    def url(self) -> str:
        """The connection string of the database ``aias``, whether the server runs or not. It holds no secret."""
        return self._url(DATABASE)

    def _url(self, database: str) -> str:
        query = urlencode({"host": str(self.socket_folder)}, quote_via=quote, safe="")
        return f"postgresql://{USER}@/{database}?{query}"

    def start(self) -> str:
        """Make the server run and the database exist; give its URL. What is there already is left as it is.

        Safe from any number of processes at once: one starts it, the others wait for that.

        Raises:
            DatabaseError: it did not start; the message has the end of its log.
        """
        with self._locked():
            account = server_account(self.folder if self.folder.exists() else None)
            self._prepare(account)
            if self._server_pid() is None:
                self._launch(account)
            self._wait_until_ready()
            self._create_database()
        return self.url

    def stop(self, *, immediate: bool = False) -> bool:
        """Stop the server and say whether it ran; clients are disconnected, committed work is on disk.

        Raises:
            DatabaseError: it did not stop within a minute.
        """
        if not self.data.exists():
            return False
        with self._locked():
            return self._stop(immediate=immediate)

    def replace_data(self, source: Path, *, prepare: Callable[[Path], None], timeout: float) -> Path | None:
        """Run on a copy of the cluster at ``source`` from now on; give where the former one is kept, if there was one.

        ``prepare`` is given the copy before the server starts on it. Recovery is waited for, ``timeout`` seconds. When
        the server does not come out of it, the former cluster is put back and runs again if it ran.

        Raises:
            DatabaseError: it did not start or did not recover; the message has the end of its log.
        """
        with self._locked():
            account = server_account(self.folder if self.folder.exists() else None)
            self._make_folders(account)
            new = self.folder / f"data.new-{secrets.token_hex(4)}"
            try:
                shutil.copytree(source, new, symlinks=True)
                prepare(new)
                _give_to(new, account)
            except BaseException:
                shutil.rmtree(new, ignore_errors=True)
                raise
            former = self.folder / f"data.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
            was_there, did_run = self.data.exists(), self._stop(immediate=False)
            if was_there:
                self.data.rename(former)
            try:
                new.rename(self.data)
                self._launch(account)
                self._wait_until_recovered(timeout)
            except BaseException:
                self._stop(immediate=True)
                shutil.rmtree(self.data, ignore_errors=True)
                if was_there:
                    former.rename(self.data)
                if did_run:
                    self._launch(account)
                raise
            return former if was_there else None

    def _stop(self, *, immediate: bool) -> bool:
        """Stop the server, with the lock held."""
        pid = self._server_pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGQUIT if immediate else signal.SIGINT)  # SIGINT: "fast" shutdown
        deadline = time.monotonic() + 60
        while self._server_pid() is not None:
            if time.monotonic() > deadline:
                raise DatabaseError(f"PostgreSQL (process {pid}) did not stop within 60 s; see {self.log}")
            time.sleep(0.05)
        return True

    def status(self) -> EmbeddedStatus:
        """Look, without starting anything."""
        version = self.data / "PG_VERSION"
        pid = self._server_pid()
        return EmbeddedStatus(
            running=pid is not None,
            pid=pid,
            version=version.read_text().strip() if version.exists() else None,
            url=self.url,
            data=self.data,
            log=self.log,
        )

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Hold the home's lock; the kernel drops it if this process dies."""
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            lock = (self.folder.parent / f"{self.folder.name}.lock").open("a")
        except OSError as error:
            raise DatabaseError(f"can't write in {self.folder.parent}: {error.strerror}; set AIAS_HOME") from None
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _prepare(self, account: Account) -> None:
        """Make the folders and, once, the cluster; a cluster half made by a process that died is made anew."""
        self._make_folders(account)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(account)

    def _make_folders(self, account: Account) -> None:
        for folder in (self.folder, self.socket_folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid}:
                raise DatabaseError(f"{folder} belongs to somebody else")
            if found.st_uid != account.uid:
                os.chown(folder, account.uid, account.gid)
            folder.chmod(0o700)

    def _make_cluster(self, account: Account) -> None:
        for leftover in (*self.folder.glob("data.new-*"), self.data):
            # errors ignored: an initdb that lost its parent may still be writing there, and removes it itself
            shutil.rmtree(leftover, ignore_errors=True)
        new = self.folder / f"data.new-{secrets.token_hex(4)}"
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        made = as_account(
            [
                str(runnable(bundled_binaries()) / "initdb"),
                f"--pgdata={new}",
                f"--username={USER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                *settings,
            ],
            account,
            timeout=_START_TIMEOUT,
        )
        if made.returncode != 0:
            raise DatabaseError(f"initdb failed:\n{made.stdout.strip()}")
        (new / "pg_hba.conf").write_text("# the folder of the socket is what keeps others out\nlocal all all trust\n")
        new.rename(self.data)

    def _launch(self, account: Account) -> None:
        """Start the server detached from this process, over what a crash may have left behind."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # _server_pid() found nobody behind it
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_name("log.1"))
        options = {"unix_socket_directories": str(self.socket_folder)} | self._options
        command = [
            str(runnable(bundled_binaries()) / "pg_ctl"),
            "start",
            f"--pgdata={self.data}",
            f"--log={self.log}",
            "--wait",
            f"--timeout={_START_TIMEOUT}",
            "--options",
            " ".join(f'-c "{name}={value}"' for name, value in options.items()),
        ]
        for last_try in (False, False, True):
            started = as_account(command, account, timeout=_START_TIMEOUT + 10)
            if started.returncode == 0:
                return
            # children of a killed server may hold its shared memory for a moment
            if last_try or "still in use" not in self._end_of_log():
                break
            time.sleep(1)
        raise DatabaseError(f"PostgreSQL did not start:\n{started.stdout.strip()}\n{self._end_of_log()}")

    def _end_of_log(self) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])

    def _server_pid(self) -> int | None:
        """Give the process of the running server; None where the pid file is stale or its number was reused."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
                return None
            same = Path(process.cwd()).samefile(self.data)
        except (OSError, ValueError, psutil.Error):
            return None
        return pid if same else None

    def _wait_until_ready(self) -> None:
        """Wait until it takes connections: another process may have started it just now, or it recovers."""
        deadline = time.monotonic() + _START_TIMEOUT
        while True:
            try:
                psycopg.connect(self._url("postgres"), connect_timeout=10).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or self._server_pid() is None:
                    raise DatabaseError(
                        f"PostgreSQL does not answer: {str(error).strip()}\n{self._end_of_log()}"
                    ) from None
                time.sleep(0.1)
            else:
                return

    def _wait_until_recovered(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while True:
            self._wait_until_ready()
            with psycopg.connect(self._url("postgres"), autocommit=True, connect_timeout=10) as conn:
                if conn.execute("select pg_is_in_recovery()").fetchone() == (False,):
                    return
            if time.monotonic() > deadline:
                raise DatabaseError(f"PostgreSQL did not recover within {timeout:g} s\n{self._end_of_log()}")
            time.sleep(0.2)

    def _create_database(self) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True, connect_timeout=10) as conn:
            if conn.execute("select from pg_catalog.pg_database where datname = 'aias'").fetchone() is None:
                conn.execute("create database aias")


def _give_to(folder: Path, account: Account) -> None:
    """Let the account own a cluster, and nobody else read it."""
    folder.chmod(0o700)
    if is_root():
        for place in (folder, *folder.rglob("*")):
            os.chown(place, account.uid, account.gid, follow_symlinks=False)


def _server_folder(home: Path) -> Path:
    """Choose where the server's files are; see the module."""
    name = f"postgresql-{_MAJOR}"
    if is_root() and not reachable(home):
        return _ROOT_FOLDER / hashlib.sha256(os.fsencode(home)).hexdigest()[:16] / name
    return home / name


def _socket_folder(folder: Path) -> Path:
    inside = folder / "run"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_FOLDER:
        return inside
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    base = Path(tempfile.gettempdir())
    base = base if len(os.fsencode(base)) < 60 else Path("/tmp")  # noqa: S108, PLR2004 (0700, owner checked; half of a path)
    return base / f"aias-{os.geteuid()}-{digest}"
