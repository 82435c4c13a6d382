"""Triggers: what starts executions: the clock (and the system's own tasks with it), events, webhooks.

Importing this package adds the scheduler to the workers of the app.
"""

from aias.jobs import app
from aias.triggers.cloudevents import read_cloudevents
from aias.triggers.cron import Cron
from aias.triggers.events import (
    emit_event,
    list_events,
    list_subscriptions,
    remove_subscription,
    set_subscription,
)
from aias.triggers.models import Event, EventSubscription, Schedule, ScheduleRun
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
from aias.triggers.tasks import dispatch_event, run_scheduled_task

__all__ = [
    "Cron",
    "Event",
    "EventSubscription",
    "Schedule",
    "ScheduleRun",
    "Scheduler",
    "advance_schedules",
    "backfill_schedule",
    "dispatch_event",
    "emit_event",
    "find_schedule",
    "list_events",
    "list_schedule_runs",
    "list_schedules",
    "list_subscriptions",
    "pause_schedule",
    "read_cloudevents",
    "remove_schedule",
    "remove_subscription",
    "resume_schedule",
    "run_scheduled_task",
    "set_schedule",
    "set_subscription",
    "set_system_schedule",
]

app.side_tasks.append(Scheduler)
