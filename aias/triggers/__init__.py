"""Triggers: what starts executions by the clock, and the system's own tasks with them.

Importing this package adds the scheduler to the workers of the app.
"""

from aias.jobs import app
from aias.triggers.cron import Cron
from aias.triggers.models import Schedule, ScheduleRun
from aias.triggers.scheduler import Scheduler, advance_schedules
from aias.triggers.schedules import (
    backfill_schedule,
    find_schedule,
    list_schedule_runs,
    list_schedules,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    set_schedule,
    set_system_schedule,
)
from aias.triggers.tasks import run_scheduled_task

__all__ = [
    "Cron",
    "Schedule",
    "ScheduleRun",
    "Scheduler",
    "advance_schedules",
    "backfill_schedule",
    "find_schedule",
    "list_schedule_runs",
    "list_schedules",
    "pause_schedule",
    "remove_schedule",
    "resume_schedule",
    "run_scheduled_task",
    "set_schedule",
    "set_system_schedule",
]

app.side_tasks.append(Scheduler)
