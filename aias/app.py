"""The procrastinate app with everything that jobs run: ``procrastinate --app=aias.app.app worker``."""

from aias.jobs import AiasConnector, AiasWorker, SideTask, app, connector_of
from aias.logs import through_logging

__all__ = ["app"]

# imported when a worker starts or a task is looked up by name, so that `import aias.app` stays cheap
app.import_paths = [
    "aias.workflows",
    "aias.triggers",
    "aias.integrations.tasks",
    "aias.diagnostics",
    "aias.diagnostics.tasks",
    "aias.metrics.tasks",
    "aias.telemetry.tasks",
    "aias.analytics.tasks",
    "aias.alerts.tasks",
    "aias.onboarding",
    "aias.onboarding.tasks",
    "aias.onboarding.samples_tasks",
    "aias.reports",
    "aias.reports.tasks",
    "aias.audit.tasks",
    "aias.lifecycle.tasks",
    "aias.health.tasks",
    "aias.privacy.tasks",
    "aias.templates.tasks",
]

# procrastinate's command line configures logging, and knows nothing of structlog
through_logging()


def _load_plugins() -> None:
    from aias.plugins import load_plugins  # noqa: PLC0415 (as above)

    load_plugins()


app.after_imports.append(_load_plugins)


def _reporting(worker: AiasWorker) -> SideTask:
    from aias.plugins.side_task import Reporting  # noqa: PLC0415 (as above)

    return Reporting(lambda: connector_of(worker.app.connector).pool)


app.side_tasks.append(_reporting)


async def _close_clients() -> None:
    from aias.integrations import close_clients  # noqa: PLC0415 (as above)
    from aias.tracing import flush_spans  # noqa: PLC0415 (as above)

    await close_clients()
    await flush_spans()


if isinstance(app.connector, AiasConnector):
    app.connector.on_close.append(_close_clients)
