"""Jobs: the queue, its workers, and what keeps both from losing or doubling work.

``app`` is the procrastinate app, ``task`` declares what jobs run, the queries enqueue and ask. Inside of a job
``lease_is_fresh`` says whether something may still be begun that the outside world sees.
"""

from aias.jobs.application import AiasApp, app
from aias.jobs.connector import AiasConnector, connector_of, pool_of
from aias.jobs.enqueuer import Enqueuer
from aias.jobs.lease import Lease, lease_is_fresh
from aias.jobs.models import JobReason, JobRow, LimitRow, NewJob, PauseRow, QueueHealth, WorkerRow
from aias.jobs.patience import answered_within
from aias.jobs.queries import (
    cancel_job,
    enqueue_job,
    enqueue_jobs,
    explain_job,
    list_jobs,
    list_limits,
    list_pauses,
    list_workers,
    pause,
    queue_health,
    remove_limit,
    resume,
    retry_job,
    set_limit,
)
from aias.jobs.retries import Backoff
from aias.jobs.side_tasks import ScheduledTask, SideTask
from aias.jobs.store import AiasJob
from aias.jobs.tasks import scheduled, task
from aias.jobs.worker import AiasWorker

__all__ = [
    "AiasApp",
    "AiasConnector",
    "AiasJob",
    "AiasWorker",
    "Backoff",
    "Enqueuer",
    "JobReason",
    "JobRow",
    "Lease",
    "LimitRow",
    "NewJob",
    "PauseRow",
    "QueueHealth",
    "ScheduledTask",
    "SideTask",
    "WorkerRow",
    "answered_within",
    "app",
    "cancel_job",
    "connector_of",
    "enqueue_job",
    "enqueue_jobs",
    "explain_job",
    "lease_is_fresh",
    "list_jobs",
    "list_limits",
    "list_pauses",
    "list_workers",
    "pause",
    "pool_of",
    "queue_health",
    "remove_limit",
    "resume",
    "retry_job",
    "scheduled",
    "set_limit",
    "task",
]
