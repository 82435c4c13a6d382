"""Our engine with the same tasks, for ``procrastinate --app=tests.jobs.guarded.app``."""

from __future__ import annotations

import os

from aias.jobs import AiasApp, AiasConnector
from tests.jobs.task_set import register


def make_app(url: str, journal_url: str | None = None) -> AiasApp:
    """Give our app; heartbeats and the like come from the settings (AIAS_*)."""
    app = AiasApp(
        connector=AiasConnector(url=url),
        worker_defaults={
            "concurrency": 4,
            "fetch_job_polling_interval": 0.2,
            "abort_job_polling_interval": 0.2,
        },
    )
    register(app, journal_url or url)
    return app


def __getattr__(name: str) -> AiasApp:
    if name == "app":
        return make_app(os.environ["DATABASE_URL"])
    raise AttributeError(name)
