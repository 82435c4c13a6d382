"""The SQL that makes the schema: ``migrations/`` once each, ``sql/`` whenever a file changes, and the engine's own.

In the repository both folders lie beside the package; in a wheel they are inside it (``aias/_migrations``,
``aias/_sql``). procrastinate ships its schema and its migrations as files of its own package.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Literal

from procrastinate.schema import SchemaManager

from aias.errors import DatabaseError

__all__ = ["SourceFile", "Sources", "read_sources"]

Kind = Literal["engine", "migration", "object"]

# Folders of sql/ in the order in which they are applied; any other comes after these, by name.
_DOMAINS = ("core", "tenants", "audit", "jobs", "schemas", "workflows", "integrations")

_MIGRATION_NAME = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")
_HEADER = re.compile(r"^--\s+(aias(?:_private|_archive)?\.[a-z_][a-z0-9_]*)\s*:", re.MULTILINE)
_REQUIRES = re.compile(r"^--\s+requires:(.*)$", re.MULTILINE)
_NO_TRANSACTION = re.compile(r"^--\s+aias:\s*no-transaction\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of SQL, as it is recorded in ``aias_private.migrations`` under (kind, name)."""

    kind: Kind
    name: str
    """``0001_create_schemas.sql``, ``tenants/create_tenant.sql`` or the engine's file name."""
    text: bytes
    object: str | None = None
    """What a file of ``sql/`` makes (``aias.create_tenant``), from its first line; None for a file of grants."""
    requires: tuple[str, ...] = ()
    """Names of the files (of the same kind) that must be applied before this one."""
    transactional: bool = True

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hexadecimal; line endings of a checkout do not count."""
        return hashlib.sha256(self.text).hexdigest()

    @property
    def path(self) -> str:
        """Where a maintainer finds the file."""
        folder = {"engine": "procrastinate/sql", "migration": "migrations", "object": "sql"}[self.kind]
        return f"{folder}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything that makes the schema, each list in the order of application."""

    migrations: Sequence[SourceFile] = ()
    objects: Sequence[SourceFile] = ()
    engine_schema: bytes | None = None
    """procrastinate's whole schema, for a database that has nothing of it; None leaves the engine out."""
    engine: Sequence[SourceFile] = field(default_factory=tuple)
    """procrastinate's migrations: already in ``engine_schema``, needed where an older schema is there."""

    def dependents(self, names: Iterable[str]) -> set[str]:
        """Name the objects that stand on the given ones, directly or not, and the given ones themselves."""
        wanted = set(names)
        for file in self.objects:  # in dependency order: one pass reaches everything
            if wanted.intersection(file.requires):
                wanted.add(file.name)
        return wanted


def read_sources(root: Path | None = None, *, engine: bool = True) -> Sources:
    """Read the files under ``root`` (default: those of this installation), sorted for application.

    Raises:
        DatabaseError: a file is misnamed, two share a number or a name, or requirements are unknown or circular.
    """
    migrations, objects = (root / "migrations", root / "sql") if root else (_shipped("migrations"), _shipped("sql"))
    return Sources(
        migrations=_read_migrations(migrations),
        objects=_read_objects(objects),
        engine_schema=SchemaManager.get_schema().encode() if engine else None,
        engine=_read_engine() if engine else (),
    )


def _shipped(folder: str) -> Path:
    package = Path(str(resources.files("aias")))
    inside = package / f"_{folder}"
    return inside if inside.is_dir() else package.parent / folder


def _read(path: Path) -> bytes:
    text = path.read_bytes().replace(b"\r\n", b"\n")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise DatabaseError(f"{path.name} is not UTF-8: {error}") from None
    return text


def _read_migrations(folder: Path) -> list[SourceFile]:
    files: list[SourceFile] = []
    numbers: dict[str, str] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _MIGRATION_NAME.match(path.name)
        if match is None:
            raise DatabaseError(f"migrations/{path.name}: the name must look like 0001_create_tenants.sql")
        if (other := numbers.setdefault(match[1], path.name)) != path.name:
            raise DatabaseError(f"migrations/{other} and migrations/{path.name} have the same number")
        text = _read(path)
        files.append(
            SourceFile(
                kind="migration",
                name=path.name,
                text=text,
                transactional=_NO_TRANSACTION.search(text.decode()) is None,
            )
        )
    return files


def _read_engine() -> list[SourceFile]:
    folder = Path(SchemaManager.get_migrations_path())
    return [SourceFile(kind="engine", name=path.name, text=_read(path)) for path in sorted(folder.glob("*.sql"))]


def _domain_rank(path: Path) -> tuple[int, str, str]:
    domain = path.parts[0] if len(path.parts) > 1 else ""
    known = _DOMAINS.index(domain) if domain in _DOMAINS else len(_DOMAINS)
    return known, path.parent.as_posix(), path.name


def _read_objects(folder: Path) -> list[SourceFile]:
    paths = sorted((path.relative_to(folder) for path in folder.rglob("*.sql")), key=_domain_rank)
    texts = {path.as_posix(): _read(folder / path) for path in paths}
    by_object: dict[str, str] = {}
    for name, text in texts.items():
        header = _HEADER.match(text.decode())
        if header is not None and (other := by_object.setdefault(header[1], name)) != name:
            raise DatabaseError(f"sql/{other} and sql/{name} both make {header[1]}")
    makes = {name: made for made, name in by_object.items()}
    files = {
        name: SourceFile(
            kind="object",
            name=name,
            text=text,
            object=makes.get(name),
            requires=_requirements(name, text, by_object),
        )
        for name, text in texts.items()
    }
    return _in_dependency_order(files)


def _requirements(name: str, text: bytes, by_object: dict[str, str]) -> tuple[str, ...]:
    wanted = [word for line in _REQUIRES.findall(text.decode()) for word in re.split(r"[\s,]+", line.strip()) if word]
    unknown = [word for word in wanted if word not in by_object]
    if unknown:
        raise DatabaseError(
            f"sql/{name} requires {', '.join(unknown)}, which no file in sql/ makes"
            " (a file's first line names its object: `-- aias.name: ...`)"
        )
    return tuple(dict.fromkeys(by_object[word] for word in wanted))


def _in_dependency_order(files: dict[str, SourceFile]) -> list[SourceFile]:
    """Sort depth first: a file keeps its place unless something that it requires has to come before."""
    ordered: dict[str, SourceFile] = {}
    trail: list[str] = []

    def visit(name: str) -> None:
        if name in ordered:
            return
        if name in trail:
            circle = [*trail[trail.index(name) :], name]
            raise DatabaseError("circular requirements: " + " -> ".join(f"sql/{step}" for step in circle))
        trail.append(name)
        for required in files[name].requires:
            visit(required)
        trail.pop()
        ordered[name] = files[name]

    for name in files:
        visit(name)
    return list(ordered.values())
