-- aias.webhook_messages: what is told to tenants' endpoints, and how that went.
-- requires: aias_private.trace_id
create or replace view aias.webhook_messages
with (security_barrier)
as
select
    m.tenant_id,
    m.id,
    m.endpoint_id,
    m.type,
    m.payload,
    m.status,
    m.attempt_count,
    m.next_at,
    m.last_status,
    m.last_error,
    m.created_at,
    m.finished_at,
    aias_private.trace_id(m.id, m.trace_parent) as trace_id,
    coalesce(m.correlation_id, aias_private.trace_id(m.id, m.trace_parent)) as correlation_id
from aias_private.webhook_messages as m
where
    (select aias_private.caller_sees_all())
    or m.tenant_id = (select aias_private.caller_tenant());
grant select on aias.webhook_messages to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.webhook_messages is
'What is told to tenants'' endpoints, and how that went. Fresh; kept as long as retention says.';
comment on column aias.webhook_messages.tenant_id is 'The tenant.';
comment on column aias.webhook_messages.id is 'The message''s id (UUIDv7); webhook-id is msg_ and its digits.';
comment on column aias.webhook_messages.endpoint_id is 'The endpoint.';
comment on column aias.webhook_messages.type is 'What happened.';
comment on column aias.webhook_messages.payload is 'The body that is sent.';
comment on column aias.webhook_messages.status is 'pending, delivered, failed (given up) or discarded (the endpoint was disabled or removed).';
comment on column aias.webhook_messages.attempt_count is 'How often it was sent.';
comment on column aias.webhook_messages.next_at is 'When it is sent again.';
comment on column aias.webhook_messages.last_status is 'The HTTP status of the last attempt; null when there was no answer.';
comment on column aias.webhook_messages.last_error is 'What was wrong at the last attempt.';
comment on column aias.webhook_messages.created_at is 'When it happened.';
comment on column aias.webhook_messages.finished_at is 'When it was delivered or given up.';
comment on column aias.webhook_messages.trace_id is 'The trace that it belongs to (32 hexadecimal digits), for aias.trace.';
comment on column aias.webhook_messages.correlation_id is 'The id that whoever caused it gave to all that follows; the trace''s where none was given.';
