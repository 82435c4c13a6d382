"""``aias audit``: listing, verifying, and checkpoints that are kept elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.audit.chain import Chain

OK = Callable[..., Any]


@pytest.fixture
def chain(database_url: str) -> Iterator[Chain]:
    with psycopg.connect(database_url, autocommit=True) as conn:
        yield Chain(conn=conn)


def test_the_log_is_searched_by_who_what_and_when(ok: OK, chain: Chain) -> None:
    chain.fill(200)
    found = ok("audit", "list", "--actor", "user:7", "--action", "workflow.applied")["audit"]
    assert [row["object_id"] for row in found] == ["157", "107", "57", "7"]
    assert len(ok("audit", "list", "--object-kind", "workflow", "--object", "12")["audit"]) == 1
    found = ok("audit", "list", "--since", "2026-03-10T08:00:00.010Z", "--until", "2026-03-10T08:00:00.012Z")["audit"]
    assert [row["object_id"] for row in found] == ["11", "10"]


def test_what_was_touched_is_named(ok: OK, cli: Callable[..., Any], run: Callable[..., Any], chain: Chain) -> None:
    ids = chain.fill(20)
    chain.seal(10)
    found = ok("audit", "verify")
    assert (found["ok"], found["checked"], found["to_seal"]) == (True, 20, 2)
    assert "all of it is what was sealed" in cli("audit", "verify").out
    chain.tamper("delete from aias_private.audit_log where id = %s", ids[15])
    result = run("audit", "verify", "--json")
    assert result.code == 1
    assert (result.json["finding"], result.json["first_bad_id"]) == ("missing", str(ids[15]))
    assert f"row 6 of seal 2 is missing ({ids[15]})" in run("audit", "verify").out
    assert ok("audit", "verify", "--to-seal", "1")["ok"]
    assert run("audit", "verify", "--from-seal", "9").code == 3


def test_a_checkpoint_finds_a_chain_that_was_made_anew(
    ok: OK, run: Callable[..., Any], chain: Chain, tmp_path: Path
) -> None:
    file = tmp_path / "checkpoint.json"
    assert run("audit", "export").code == 2
    made = ok("audit", "key")
    key = Path(made["key"])
    assert key.stat().st_mode & 0o777 == 0o600
    assert run("audit", "key").code == 4
    assert run("audit", "export").code == 3
    ids = chain.fill(20)
    chain.seal(10)
    written = ok("audit", "export", "--checkpoint", str(file))
    assert json.loads(file.read_text()) == written
    assert (written["seq"], written["hash"]) == (2, chain.value("select hash from aias.audit_seals where seq = 2"))
    assert run("audit", "export", "--checkpoint", str(file)).code == 4
    assert ok("audit", "verify", "--checkpoint", str(file))["checkpoint"] == {"seq": 2, "ok": True, "reason": None}
    key.unlink()
    assert ok("audit", "verify", "--checkpoint", str(file), "--public-key", made["public_key"])["checkpoint"]["ok"]
    other = ok("audit", "key")["public_key"]
    assert run("audit", "verify", "--checkpoint", str(file), "--public-key", other).code == 2
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps({**written, "seq": 1}))
    assert run("audit", "verify", "--checkpoint", str(forged), "--public-key", made["public_key"]).code == 2
    # rows, seals and all that follows made anew: the chain fits, the checkpoint does not
    chain.tamper("update aias_private.audit_log set actor = 'nobody' where id = %s", ids[3])
    chain.tamper("delete from aias_private.audit_seals")
    chain.seal(10)
    assert ok("audit", "verify")["ok"]
    result = run("audit", "verify", "--checkpoint", str(file), "--public-key", made["public_key"], "--json")
    assert (result.code, result.json["ok"], result.json["checkpoint"]["ok"]) == (1, True, False)
    chain.tamper("delete from aias_private.audit_seals")
    result = run("audit", "verify", "--checkpoint", str(file), "--public-key", made["public_key"])
    assert result.code == 1
    assert "seal 2 of the checkpoint is missing" in result.out
