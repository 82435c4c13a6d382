"""Settings: where they come from, and what a bad one gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from aias.errors import ConfigurationError
from aias.settings import Settings, get_settings, variable_name


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_any_variable_everything_has_a_default() -> None:
    settings = get_settings()
    assert settings.database_url is None
    assert settings.home.is_absolute()
    assert settings.stalled_after == 30


def test_the_environment_wins_over_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("AIAS_SWEEP_EVERY=3\nAIAS_STALLED_AFTER=44\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("AIAS_SWEEP_EVERY", "5")
    assert get_settings().sweep_every == 5
    assert get_settings().stalled_after == 44


def test_a_change_of_dotenv_or_of_the_folder_is_seen_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert get_settings() is get_settings()
    (tmp_path / ".env").write_text("AIAS_SWEEP_EVERY=3\n")
    assert get_settings().sweep_every == 3
    (tmp_path / ".env").write_text("AIAS_SWEEP_EVERY=44\n")
    assert get_settings().sweep_every == 44
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert get_settings().sweep_every == 10
    monkeypatch.setenv("AIAS_SWEEP_EVERY", "7")
    assert get_settings().sweep_every == 7


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("AIAS_LOG_LEVEL", "")
    assert get_settings().database_url is None
    assert get_settings().log_level == "info"


def test_one_message_names_every_bad_setting_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_SWEEP_EVERY", "often")
    monkeypatch.setenv("AIAS_STALLED_AFTER", "-1")
    monkeypatch.setenv("AIAS_LOG_LEVEL", "loud")
    monkeypatch.setenv("DATABASE_URL", "mysql://user:hunter2@host/db")
    with pytest.raises(ConfigurationError) as caught:
        get_settings()
    for name in ("AIAS_SWEEP_EVERY", "AIAS_STALLED_AFTER", "AIAS_LOG_LEVEL", "DATABASE_URL"):
        assert name in caught.value.message
    assert "'often'" in caught.value.message
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize("given", ["inf", "nan", "1e999", "0"])
def test_intervals_are_finite_and_positive(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIAS_HEARTBEAT_EVERY", given)
    with pytest.raises(ConfigurationError, match="AIAS_HEARTBEAT_EVERY"):
        get_settings()


def test_a_tilde_in_the_home_is_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AIAS_HOME", "~/data")
    assert get_settings().home == tmp_path / "data"


def test_pg_variables_choose_a_server_only_if_they_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGUSER", "somebody")
    assert not get_settings().libpq_names_a_server
    monkeypatch.setenv("PGHOST", "db.example")
    assert get_settings().libpq_names_a_server


def test_secrets_do_not_show_in_the_settings_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:hunter2@host/db")
    monkeypatch.setenv("AIAS_MASTER_KEY", "correct-horse")
    assert "hunter2" not in repr(get_settings())
    assert "correct-horse" not in repr(get_settings())


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert variable_name("sweep_every") == "AIAS_SWEEP_EVERY"
