"""``aias serve`` once for each line on stdin; everything is imported before, and each server is a child of this one.

Prints a server's process id on a line of its own, and the server its JSON document.
"""

from __future__ import annotations

import os
import signal
import sys

import uvicorn

import aias.api
import aias.cli
import aias.cli.serve

PRELOADED = (uvicorn, aias.api, aias.cli.serve)


def serve_on_demand() -> None:
    # nobody waits for those that are killed
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            aias.cli.main(["serve", "--port=0", "--drain=0", "--json"])
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve_on_demand()
