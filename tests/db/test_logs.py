"""Log records go to stderr, as JSON where nobody looks; stdout stays clean."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CODE = """
import logging, structlog
from aias.logs import configure_logs
configure_logs("info")
configure_logs("info")
structlog.stdlib.get_logger("ours").info("step done", step="fetch", place="Zürich")
structlog.stdlib.get_logger("ours").debug("not at this level")
logging.getLogger("theirs").warning("job %s", 7, extra={"job": {"id": 7}})
try:
    1 / 0
except ZeroDivisionError:
    structlog.stdlib.get_logger("ours").exception("broken")
print("the result")
"""


def test_records_of_structlog_and_logging_come_out_alike_on_stderr(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path
    )
    assert done.stdout == "the result\n"
    ours, theirs, broken = [json.loads(line) for line in done.stderr.splitlines()]
    assert (ours["event"], ours["level"], ours["logger"]) == ("step done", "info", "ours")
    assert (ours["step"], ours["place"]) == ("fetch", "Zürich")
    assert ours["timestamp"].endswith("Z")
    assert (theirs["event"], theirs["level"], theirs["job"]) == ("job 7", "warning", {"id": 7})
    assert broken["exception"][0]["exc_type"] == "ZeroDivisionError"
