"""schemathesis over the whole OpenAPI document: no 5xx, no answer that is not documented, links followed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

SECONDS = 45


@pytest.mark.slow
async def test_whatever_is_sent_the_answers_are_documented_ones(serve: Any, tmp_path: Path) -> None:
    served = await serve()
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "schemathesis"), "run", f"{served.url}/openapi.json",
        f"--header=Authorization: Bearer {served.token}",
        # examples, the borders of every parameter, random ones, and sequences along the links, until the time is over
        "--phases=examples,coverage,fuzzing,stateful", "--max-examples=1", f"--max-time={SECONDS}", "--workers=2",
        "--seed=1", "--no-shrink",
        # a request may fit its schema and yet name what is not there, or what has ended
        "--checks=all", "--exclude-checks=positive_data_acceptance",
        # it goes on for as long as it is asked to
        "--exclude-operation-id=follow_logs",
        # it would revoke the key that it comes with
        "--exclude-operation-id=revoke_key",
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()
    text = told.decode()
    # from the first failure on: the warnings behind it are long
    assert process.returncode == 0, text[max(text.find("= FAILURES ="), text.find("= ERRORS ="), 0) :][:8000]
    assert b"Stateful" in told
    # the key is good, and the walk was worth something
    assert b" passed" in told
