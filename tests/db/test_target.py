"""Which database is meant, and that its password is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from aias.db import database_url, without_password
from aias.db.target import password_of
from aias.errors import ConfigurationError, DatabaseError
from aias.settings import get_settings


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIAS_HOME", str(tmp_path))


def test_database_url_wins_over_pg_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    monkeypatch.setenv("DATABASE_URL", "postgresql://here/db")
    assert database_url(get_settings()) == "postgresql://here/db"


def test_pg_variables_win_over_the_embedded_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    assert database_url(get_settings()) == ""


def test_an_embedded_server_that_must_not_be_started_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="aias db start"):
        database_url(get_settings(), start=False)
    assert list(tmp_path.iterdir()) == []


def test_a_malformed_connection_string_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "host=here pasword=hunter2")
    with pytest.raises(ConfigurationError) as caught:
        database_url(get_settings())
    assert "DATABASE_URL" in caught.value.message
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgresql://u:hunter2@h:6432/db?sslmode=require", "postgresql://u@h:6432/db?sslmode=require"),
        ("postgres://u@h/db?password=hunter2", "postgresql://u@h/db"),
        ("host=/run/pg user=u password=hunter2 dbname=d", "postgresql://u@/d?host=%2Frun%2Fpg"),
        ("postgresql://u:hunter2@[::1]:5432/db", "postgresql://u@[::1]:5432/db"),
        ("postgresql://u:hunter2@a:1,b:2/db", "postgresql://u@/db?host=a%2Cb&port=1%2C2"),
        ("postgresql://a%40b:hunter2@h/d%20b", "postgresql://a%40b@h/d%20b"),
        ("", ""),
    ],
)
def test_a_connection_string_is_shown_without_its_password(given: str, shown: str) -> None:
    assert without_password(given) == shown
    assert password_of(given) == ("hunter2" if "hunter2" in given else None)
    assert without_password(shown) == shown
