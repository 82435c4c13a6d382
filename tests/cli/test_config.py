"""``aias config``: every setting with its value and source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aias.cli import main
from aias.settings import Settings, variable_name


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def config(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    with pytest.raises(SystemExit) as caught:
        main(["config", "--json"])
    assert caught.value.code == 0
    document = json.loads(capsys.readouterr().out)
    return {row["name"]: row for row in document["settings"]} | {"unknown": document["unknown"]}


def test_every_setting_is_listed_with_where_its_value_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text("AIAS_SWEEP_EVERY=3\n")
    monkeypatch.setenv("AIAS_STALLED_AFTER", "44")
    rows = config(capsys)
    assert set(rows) == {variable_name(field) for field in Settings.model_fields} | {"unknown"}
    assert (rows["AIAS_SWEEP_EVERY"]["value"], rows["AIAS_SWEEP_EVERY"]["source"]) == (3, ".env")
    assert (rows["AIAS_STALLED_AFTER"]["value"], rows["AIAS_STALLED_AFTER"]["source"]) == (44, "environment")
    assert rows["AIAS_LOG_LEVEL"]["source"] == "default"


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:hunter2@host/db")
    monkeypatch.setenv("AIAS_MASTER_KEY", "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5LXN0YXBsZSEhISE=")
    rows = config(capsys)
    assert rows["DATABASE_URL"]["value"] == "postgresql://user@host/db"
    assert rows["AIAS_MASTER_KEY"]["value"] == "********"


def test_a_misspelt_variable_is_pointed_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIAS_SWEEP_EVRY", "3")
    with pytest.raises(SystemExit):
        main(["config"])
    assert "AIAS_SWEEP_EVRY is not a setting; did you mean AIAS_SWEEP_EVERY?" in capsys.readouterr().err
    assert config(capsys)["unknown"] == ["AIAS_SWEEP_EVRY"]


def test_bad_settings_are_exit_code_2_for_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIAS_SWEEP_EVERY", "often")
    monkeypatch.setenv("AIAS_LOG_LEVEL", "loud")
    for arguments in (["config"], ["db", "status"], ["db", "migrate"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
        err = capsys.readouterr().err
        assert "AIAS_SWEEP_EVERY" in err
        assert "AIAS_LOG_LEVEL" in err
