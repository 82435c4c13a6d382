"""The procrastinate app of AIAS: its connector, its job manager, its worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Unpack, cast

import procrastinate
from procrastinate.app import WorkerOptions

from aias.jobs.connector import AiasConnector
from aias.jobs.side_tasks import ScheduledTask, SideTask
from aias.jobs.store import AiasJobManager
from aias.jobs.worker import AiasWorker
from aias.settings import get_settings
from aias.staging import staged
from aias.tracing import start_export

__all__ = ["AiasApp", "app"]


class AiasApp(procrastinate.App):
    """A procrastinate app whose workers are ours; settings are read when a worker is made, not at import.

    Everything that procrastinate documents works: ``procrastinate --app=aias.app.app worker|defer|healthchecks|shell``.
    """

    def __init__(
        self,
        *,
        connector: AiasConnector | None = None,
        import_paths: Iterable[str] | None = None,
        worker_defaults: WorkerOptions | None = None,
        periodic_defaults: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] (a bare dict in procrastinate's signature)
            connector=connector or AiasConnector(),
            import_paths=import_paths,
            worker_defaults=worker_defaults,
            periodic_defaults=periodic_defaults,
        )
        self.store = AiasJobManager(self.connector)
        """What ``job_manager`` is, with its own type."""
        self.job_manager = self.store
        self.argument_schemas: dict[str, dict[str, Any]] = {}
        """JSON Schemas of tasks' arguments; a worker publishes them when it starts."""
        self.side_tasks: list[Callable[[AiasWorker], SideTask]] = []
        """What each worker does beside running jobs, as other domains add it."""
        self.scheduled: dict[str, ScheduledTask] = {}
        """The system's own tasks that run by the clock, by the names of their schedules (``aias.jobs.scheduled``)."""
        self.after_imports: list[Callable[[], object]] = []
        """What is done each time after the modules with tasks are imported: who loads plugins, as ``aias.app`` says."""
        staged("tasks", cast("dict[str, Any]", self.tasks))  # pyright: ignore[reportUnknownMemberType] (procrastinate's)
        staged("task schemas", self.argument_schemas)
        staged("schedules", self.scheduled)

    def perform_import_paths(self) -> None:
        """Import the modules with tasks: our own, and those of plugins."""
        super().perform_import_paths()
        for follow in self.after_imports:
            follow()

    def _worker(self, **kwargs: Unpack[WorkerOptions]) -> AiasWorker:
        """Make the worker: what is given wins over the app's defaults, and these over the settings."""
        settings = get_settings()
        start_export(settings)
        defaults = WorkerOptions(
            concurrency=settings.worker_concurrency,
            delete_jobs="successful",
            shutdown_graceful_timeout=settings.shutdown_grace,
            update_heartbeat_interval=settings.heartbeat_every,
            stalled_worker_timeout=settings.stalled_after,
        )
        options = cast("WorkerOptions", {**defaults, **self.worker_defaults, **kwargs})
        return AiasWorker(self, sweep_every=settings.sweep_every, max_loop_block=settings.max_loop_block, **options)


app = AiasApp()
