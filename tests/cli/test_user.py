"""``aias user export`` and ``erase`` on a database."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from tests.cli.conftest import Run


def test_a_person_is_exported_and_an_erasure_that_is_killed_goes_on(
    ok: Callable[..., Any],
    cli: Run,
    process: Callable[..., subprocess.Popen[str]],
    database_url: str,
    tmp_path: Path,
) -> None:
    ok("tenant", "create", "acme")
    user = ok("user", "create", "eve@people.example", "--tenant", "acme")["id"]
    file = tmp_path / "eve.json"
    done = ok("user", "export", user, "--file", str(file))
    assert done["tables"]["users"] == 1
    assert json.loads(file.read_text())["tables"]["users"][0]["email"] == "eve@people.example"
    assert ok("user", "export", user)["user"] == user
    erase = ("user", "erase", user, "--reason", "asked", "--yes")
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(
            """
            insert into aias_private.telemetry_events (
                tenant_id, id, event_id, name, user_id, occurred_at, received_at, properties
            )
            select u.tenant_id, aias_private.uuid7(), i::text, 'seen', u.id::text, now(), now(), '{}'
            from aias_private.users as u, generate_series(1, 30000) as i
            """
        )
        count = "select count(*) from aias_private.telemetry_events"
        until = time.monotonic() + 60
        with process(*erase) as running:
            while conn.execute(count).fetchone() == (30000,):
                assert time.monotonic() < until
            running.send_signal(signal.SIGKILL)
        left = conn.execute(count).fetchone()
        assert left is not None
        assert 0 < left[0] < 30000
        assert conn.execute("select status from aias.erasures").fetchone() == ("running",)
        certificate = ok(*erase)
        assert conn.execute(count).fetchone() == (0,)
    (events,) = [one for one in certificate["tables"] if one["table"] == "telemetry_events"]
    assert events["deleted"] == 30000
    assert certificate["reason"] == "asked"
    assert ok(*erase) == certificate
    assert cli("user", "export", user).code == 3
    assert cli("user", "erase", "7", "--reason", "x").code == 2
