"""The files: names, numbers, and the order that their requirements give."""

from __future__ import annotations

from pathlib import Path

import pytest

from aias.db import read_sources
from aias.errors import DatabaseError
from tests.migrations.conftest import Project


def names(project: Project) -> list[str]:
    return [file.name for file in project.sources().objects]


def test_folders_come_in_the_order_of_the_domains_then_by_name(project: Project) -> None:
    for folder in ("zebra", "workflows", "jobs", "audit", "tenants", "core", "alerts"):
        project.view(f"in_{folder}", "select 1", folder=folder)
    assert [name.split("/")[0] for name in names(project)] == [
        "core",
        "tenants",
        "audit",
        "jobs",
        "workflows",
        "alerts",
        "zebra",
    ]


def test_what_a_file_requires_comes_before_it_and_the_rest_keeps_its_place(project: Project) -> None:
    project.view("a", "select 1", requires="aias_private.z")
    project.view("b", "select 1")
    project.view("y", "select 1")
    project.view("z", "select 1", requires="aias_private.y")
    assert names(project) == ["core/y.sql", "core/z.sql", "core/a.sql", "core/b.sql"]


def test_several_requirements_may_stand_on_one_line_or_on_many(project: Project) -> None:
    project.write(
        "sql/core/a.sql",
        "-- aias_private.a: x.\n-- requires: aias_private.x, aias_private.y\n-- requires: aias_private.z\nselect 1;",
    )
    for name in "xyz":
        project.view(name, "select 1", folder="jobs")
    assert names(project)[-1] == "core/a.sql"


def test_a_circle_is_refused_and_drawn(project: Project) -> None:
    project.view("a", "select 1", requires="aias_private.b")
    project.view("b", "select 1", requires="aias_private.c")
    project.view("c", "select 1", requires="aias_private.b")
    with pytest.raises(DatabaseError, match=r"sql/core/b\.sql -> sql/core/c\.sql -> sql/core/b\.sql"):
        project.sources()


def test_an_unknown_requirement_is_refused_by_name(project: Project) -> None:
    project.view("a", "select 1", requires="aias_private.nowhere")
    with pytest.raises(DatabaseError, match=r"sql/core/a\.sql requires aias_private\.nowhere"):
        project.sources()


def test_two_files_for_one_object_are_refused(project: Project) -> None:
    project.view("a", "select 1", folder="core")
    project.view("a", "select 1", folder="jobs")
    with pytest.raises(DatabaseError, match=r"both make aias_private\.a"):
        project.sources()


def test_two_migrations_with_one_number_are_refused(project: Project) -> None:
    project.migration("0001_a", "select 1;")
    project.migration("0001_b", "select 1;")
    with pytest.raises(DatabaseError, match="have the same number"):
        project.sources()


@pytest.mark.parametrize("name", ["1_a", "0001-a", "0001_A", "create_tenants", "00001_a"])
def test_a_misnamed_migration_is_refused(name: str, project: Project) -> None:
    project.migration(name, "select 1;")
    with pytest.raises(DatabaseError, match="must look like"):
        project.sources()


def test_a_file_that_is_not_utf8_is_refused(project: Project) -> None:
    project.migration("0001_a", "").write_bytes(b"select '\xff';")
    with pytest.raises(DatabaseError, match=r"0001_a\.sql is not UTF-8"):
        project.sources()


def test_this_repositorys_own_files_are_in_order() -> None:
    sources = read_sources(Path(__file__).parents[2])
    numbers = [int(file.name[:4]) for file in sources.migrations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [file.name for file in sources.objects if file.object is None and "grant" not in file.name] == []
    assert sources.engine_schema is not None
