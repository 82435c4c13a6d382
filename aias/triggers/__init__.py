"""Triggers: what starts executions: the clock (and the system's own tasks with it), events, webhooks.

Importing this package adds the scheduler to the workers of the app.
"""

from aias.jobs import app
from aias.triggers.cloudevents import CloudEvent, read_cloudevents
from aias.triggers.cron import Cron
from aias.triggers.endpoints import (
    MadeEndpoint,
    list_endpoints,
    list_messages,
    remove_endpoint,
    rotate_endpoint,
    set_endpoint,
)
from aias.triggers.events import (
    emit_event,
    list_events,
    list_subscriptions,
    remove_subscription,
    set_subscription,
)
from aias.triggers.intake import Answer, Intake
from aias.triggers.models import (
    Delivery,
    Endpoint,
    Event,
    EventSubscription,
    Message,
    PrivacyRequest,
    Schedule,
    ScheduleRun,
    Webhook,
)
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
from aias.triggers.signatures import Style
from aias.triggers.tasks import (
    deliver_webhook,
    dispatch_event,
    replay_stored_delivery,
    run_scheduled_task,
    search_private_data,
)
from aias.triggers.webhooks import (
    MadeWebhook,
    change_webhook,
    create_webhook,
    find_webhook,
    list_deliveries,
    list_privacy_requests,
    list_webhooks,
    remove_webhook,
    replay_delivery,
    rotate_webhook,
    settle_privacy_request,
)

__all__ = [
    "Answer",
    "CloudEvent",
    "Cron",
    "Delivery",
    "Endpoint",
    "Event",
    "EventSubscription",
    "Intake",
    "MadeEndpoint",
    "MadeWebhook",
    "Message",
    "PrivacyRequest",
    "Schedule",
    "ScheduleRun",
    "Scheduler",
    "Style",
    "Webhook",
    "advance_schedules",
    "backfill_schedule",
    "change_webhook",
    "create_webhook",
    "deliver_webhook",
    "dispatch_event",
    "emit_event",
    "find_schedule",
    "find_webhook",
    "list_deliveries",
    "list_endpoints",
    "list_events",
    "list_messages",
    "list_privacy_requests",
    "list_schedule_runs",
    "list_schedules",
    "list_subscriptions",
    "list_webhooks",
    "pause_schedule",
    "read_cloudevents",
    "remove_endpoint",
    "remove_schedule",
    "remove_subscription",
    "remove_webhook",
    "replay_delivery",
    "replay_stored_delivery",
    "resume_schedule",
    "rotate_endpoint",
    "rotate_webhook",
    "run_scheduled_task",
    "search_private_data",
    "set_endpoint",
    "set_schedule",
    "set_subscription",
    "set_system_schedule",
    "settle_privacy_request",
]

app.side_tasks.append(Scheduler)
