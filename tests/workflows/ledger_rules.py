"""What holds for every execution at any time."""

from __future__ import annotations

from typing import Any

FINAL = {"succeeded", "failed", "cancelled"}


def one_job_while_live(row: dict[str, Any], jobs: list[dict[str, Any]]) -> None:
    """A live execution has exactly the job that it names (or waits without end), a final one has none left."""
    ready = [job["id"] for job in jobs if job["status"] in {"waiting", "scheduled"}]
    if row["status"] in FINAL or (row["status"] == "waiting" and row["wait_until"] is None):
        assert (row["job_id"], ready) == (None, [])
    else:
        assert row["job_id"] in [job["id"] for job in jobs]
        assert ready in ([], [row["job_id"]])


def whole_when_final(row: dict[str, Any], steps: dict[str, dict[str, Any]], open_letters: int) -> None:
    """A final execution has its time and no open step, a failed one its dead letter, a waiting one its reason."""
    assert (row["finished_at"] is not None) == (row["status"] in FINAL)
    assert open_letters == (1 if row["status"] == "failed" else 0)
    assert (row["wait_reason"] is not None) == (row["status"] == "waiting")
    if row["status"] in FINAL:
        assert not {step["status"] for step in steps.values()} & {"running", "waiting"}
