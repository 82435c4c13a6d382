"""A client that others generate from the OpenAPI document does what it says."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import NewClient

_LIMIT = 100


@pytest.fixture
async def package(client: NewClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the package that openapi-python-client makes of the document, ready to be imported."""
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps((await (await client(token=None)).get("/openapi.json")).json()))
    config = tmp_path / "config.json"
    # lines of JSON are to it what one of them is
    of_lines = {"application/x-ndjson": "application/json"}
    config.write_text(json.dumps({"post_hooks": [], "content_type_overrides": of_lines}))
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", str(document), "--config", str(config), "--output-path", str(tmp_path / "generated_aias")]
    # also what it could not make is a failure: it tells that as a warning
    made = subprocess.run(  # noqa: ASYNC221 (nothing else runs in this test's loop)
        [*command, "--fail-on-warning"], capture_output=True, text=True, timeout=_LIMIT, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(tmp_path)
    return "generated_aias"


async def test_a_generated_client_lists_workflows_runs_one_and_sees_it(package: str, client: NewClient) -> None:
    def of(path: str) -> Any:
        return importlib.import_module(f"{package}.{path}")

    acme = await client("acme", "workflows:read", "executions:*")
    caller = of("client").AuthenticatedClient(base_url="http://api.test", token="in the given client")
    caller.set_async_httpx_client(acme)

    listed = await of("api.workflows.list_workflows").asyncio(client=caller)
    assert [row.name for row in listed.items] == ["greet"]

    models = of("models")
    run = models.Run(workflow="greet", input_=models.RunInput.from_dict({"name": "Ada"}))
    started = await of("api.executions.run_workflow").asyncio(client=caller, body=run)
    assert (started.workflow, started.status) == ("greet", models.ExecutionDetailStatus.QUEUED)

    seen = await of("api.executions.get_execution").asyncio(started.id, client=caller)
    assert (seen.id, seen.input_.to_dict()) == (started.id, {"name": "Ada"})

    # an error is an answer of the document too
    refused = await of("api.executions.run_workflow").asyncio(
        client=caller, body=models.Run(workflow="no-such-workflow")
    )
    assert isinstance(refused, models.Problem)
    assert refused.status == 404
