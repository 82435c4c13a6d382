"""Base backups of the embedded server, with its write-ahead log from then on: back to any moment since.

::

    FOLDER/        0700, of the server's account
        base/      the cluster as pg_basebackup copied it, each file verified by its checksum
        wal/       every segment of the log since, put there by the server as it is full

The server keeps the log in the newest such folder. Recovery copies ``base``, replays ``wal`` up to the moment asked
for, and goes on as a cluster of its own that archives nothing: its next base backup begins the next folder.

Source: https://www.postgresql.org/docs/18/continuous-archiving.html (an archive command never overwrites, and succeeds
on what is there already with the same content).
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from aias.db.binaries import Account, as_account, bundled_binaries, is_root, reachable, runnable, server_account
from aias.db.contents import audit_is_guarded
from aias.db.embedded import Embedded
from aias.errors import Conflict, DatabaseError, InvalidArgument, NotFound

__all__ = ["BaseBackup", "Recovered", "back_up_base", "recover"]

_LONGEST = 24 * 3600.0
_REPLICATION = "local replication all trust\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseBackup:
    """A base backup that is whole, and where the log goes from now on."""

    folder: Path
    bytes: int
    was_restarted: bool
    """Whether the server had to be restarted to archive at all: once per cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """A cluster as it was at a moment."""

    until: datetime | None
    """The moment; None: the end of the log."""
    last_commit_at: datetime | None
    """The last transaction that is in it; None where none was replayed."""
    former: Path | None
    """The cluster that was replaced, kept whole; it may be removed."""


def back_up_base(
    server: Embedded, folder: Path, *, report: Callable[[str], None] = lambda _message: None
) -> BaseBackup:
    """Copy the running cluster into ``folder/base``, and have its log kept in ``folder/wal`` from before on.

    Everybody goes on working, but for the restart that the first one may need.

    Raises:
        Conflict: the folder is there and not empty.
        DatabaseError: the server's account can't get there, or a program failed.
    """
    folder = folder.absolute()
    server.start()
    account = server_account(server.folder)
    _make_folder(folder, account)
    _allow_replication(server)
    was_restarted = _archive_into(server, folder / "wal", report)
    base = folder / "base"
    _run(
        "pg_basebackup",
        [
            f"--pgdata={base}",
            f"--dbname={server.url}",
            "--format=plain",
            "--wal-method=stream",
            "--checkpoint=fast",
            "--manifest-checksums=SHA256",
            "--no-password",
        ],
        account,
    )
    _verify(base)
    return BaseBackup(
        folder=folder,
        bytes=sum(place.lstat().st_size for place in base.rglob("*") if place.is_file()),
        was_restarted=was_restarted,
    )


def recover(server: Embedded, folder: Path, *, until: datetime | None = None, force: bool = False) -> Recovered:
    """Make the embedded server what it was at ``until``; without it, at the end of the log that was kept.

    Whoever is connected is cut off. The cluster that is replaced is kept beside it.

    Raises:
        NotFound: there is no base backup in the folder.
        InvalidArgument: the moment has no time zone.
        Conflict: the server has a cluster, and ``force`` is false.
        DatabaseError: the log does not reach that far, or does not begin before; the former cluster runs again.
    """
    folder = folder.absolute()
    if not (folder / "base" / "backup_manifest").is_file():
        raise NotFound(f"there is no base backup in {folder}")
    _verify(folder / "base")
    if until is not None and until.tzinfo is None:
        raise InvalidArgument("a moment has a time zone")
    if (server.data / "PG_VERSION").exists() and not force:
        raise Conflict(f"there is a cluster at {server.data}: --force replaces it (and keeps it beside)")
    former = server.replace_data(
        folder / "base", prepare=lambda copy: _prepare_recovery(copy, folder / "wal", until), timeout=_LONGEST
    )
    with psycopg.connect(server.url, autocommit=True, connect_timeout=10) as conn:
        for name in ("restore_command", "recovery_target_time", "recovery_target_action"):
            conn.execute(sql.SQL("alter system reset {}").format(sql.Identifier(name)))
        row = conn.execute("select pg_last_xact_replay_timestamp()").fetchone()
        is_ours = conn.execute("select to_regclass('aias_private.audit_log') is not null").fetchone() == (True,)
        if is_ours and not audit_is_guarded(conn):
            raise DatabaseError("the audit log of what was recovered is not append-only: its triggers are missing")
    return Recovered(until=until, last_commit_at=None if row is None else row[0], former=former)


def _verify(base: Path) -> None:
    """Read every file back, and compare it with the manifest; the wheel's ``pg_verifybackup`` crashes.

    Raises:
        DatabaseError: a file is missing, or not what was sent.
    """
    manifest = json.loads((base / "backup_manifest").read_bytes())
    for told in manifest["Files"]:
        file = base / (told["Path"] if "Path" in told else os.fsdecode(bytes.fromhex(told["Encoded-Path"])))
        if not file.is_file():
            raise DatabaseError(f"the base backup is not whole: {file} is missing")
        with file.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != told["Checksum"]:
                raise DatabaseError(f"the base backup is not whole: {file} is not what the server sent")


def _prepare_recovery(copy: Path, wal: Path, until: datetime | None) -> None:
    # a % of the path is not one of the command's
    segment = f"{shlex.quote(str(wal)).replace('%', '%%')}/%f"
    settings = {
        "archive_mode": "off",
        "restore_command": f"cp {segment} %p",
        "recovery_target_action": "promote",
    }
    if until is not None:
        settings["recovery_target_time"] = until.astimezone(UTC).isoformat()
    with (copy / "postgresql.auto.conf").open("a") as conf:
        conf.writelines(f"{name} = {_quoted(value)}\n" for name, value in settings.items())
    (copy / "recovery.signal").touch(mode=0o600)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _make_folder(folder: Path, account: Account) -> None:
    if not folder.parent.is_dir():
        raise InvalidArgument(f"there is no folder {folder.parent}")
    if is_root() and not reachable(folder.parent):
        raise DatabaseError(f"the server runs as {account.name}, which can't reach {folder.parent}: choose another")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"{folder} is there already: a base backup has a folder of its own")
    for place in (folder, folder / "wal"):
        place.mkdir(mode=0o700, exist_ok=True)
        if is_root():
            os.chown(place, account.uid, account.gid)
    folder.chmod(0o700)


def _allow_replication(server: Embedded) -> None:
    """Let pg_basebackup in, by the same socket as everybody."""
    conf = server.data / "pg_hba.conf"
    if _REPLICATION not in conf.read_text():
        with conf.open("a") as file:
            file.write(_REPLICATION)
    with psycopg.connect(server.url, autocommit=True, connect_timeout=10) as conn:
        conn.execute("select pg_reload_conf()")


def _archive_into(server: Embedded, wal: Path, report: Callable[[str], None]) -> bool:
    """Have the log kept in the folder; say whether the server was restarted for it."""
    target = f"{shlex.quote(str(wal)).replace('%', '%%')}"
    command = (
        f"if test -f {target}/%f; then cmp -s %p {target}/%f;"
        f" else cp %p {target}/.%f && sync {target}/.%f && mv {target}/.%f {target}/%f; fi"
    )
    with psycopg.connect(server.url, autocommit=True, connect_timeout=10) as conn:
        conn.execute(sql.SQL("alter system set archive_command = {}").format(sql.Literal(command)))
        # what was written is safe within a minute, also where little is
        conn.execute("alter system set archive_timeout = '60s'")
        if conn.execute("select current_setting('archive_mode')").fetchone() == ("on",):
            conn.execute("select pg_reload_conf()")
            return False
        conn.execute("alter system set archive_mode = 'on'")
    report("the embedded server is restarted once, to keep its log")
    server.stop()
    server.start()
    return True


def _run(program: str, arguments: list[str], account: Account) -> None:
    path = runnable(bundled_binaries()) / program
    if not path.exists():
        raise DatabaseError(f"the wheel's PostgreSQL has no {program}")
    done = as_account([str(path), *arguments], account, timeout=_LONGEST)
    if done.returncode != 0:
        raise DatabaseError(f"{program} failed:\n{done.stdout.strip()[-2000:]}")
