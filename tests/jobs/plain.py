"""The plain engine as an app of its own, for ``procrastinate --app=tests.jobs.plain.app``."""

from __future__ import annotations

import os

import procrastinate

from tests.jobs.task_set import register


def make_app(url: str, journal_url: str | None = None) -> procrastinate.App:
    """Give procrastinate as it comes: its connector, its manager, its worker."""
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=url),
        worker_defaults={
            "concurrency": 4,
            "fetch_job_polling_interval": 0.2,
            "abort_job_polling_interval": 0.2,
            "update_heartbeat_interval": 0.5,
            "stalled_worker_timeout": 3.0,
        },
    )
    register(app, journal_url or url)
    return app


def __getattr__(name: str) -> procrastinate.App:
    if name == "app":
        return make_app(os.environ["DATABASE_URL"])
    raise AttributeError(name)
