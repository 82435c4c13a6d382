-- aias.webhook_deliveries: what came in by webhooks.
-- requires: aias_private.trace_id
create or replace view aias.webhook_deliveries
with (security_barrier)
as
select
    d.tenant_id,
    t.slug as tenant,
    d.id,
    d.webhook_id,
    w.name as webhook,
    d.delivery_id,
    d.source_event_id,
    d.topic,
    d.account,
    d.headers,
    d.payload,
    d.status,
    d.execution_id,
    d.event_id,
    d.error,
    d.duplicate_count,
    d.replayed_from_id,
    d.received_at,
    d.redacted_at,
    d.request_id,
    aias_private.trace_id(d.id, d.trace_parent) as trace_id,
    coalesce(d.correlation_id, aias_private.trace_id(d.id, d.trace_parent)) as correlation_id
from aias_private.webhook_deliveries as d
inner join aias_private.tenants as t on d.tenant_id = t.id
left join aias_private.webhooks as w on d.tenant_id = w.tenant_id and d.webhook_id = w.id
where
    (select aias_private.caller_sees_all())
    or d.tenant_id = (select aias_private.caller_tenant());
grant select on aias.webhook_deliveries to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.webhook_deliveries is
'What came in by webhooks, and what became of it. Fresh; kept as long as retention says.';
comment on column aias.webhook_deliveries.tenant_id is 'The tenant.';
comment on column aias.webhook_deliveries.tenant is 'The tenant''s slug.';
comment on column aias.webhook_deliveries.id is 'The delivery''s id here (UUIDv7): ordering by it is ordering by arrival.';
comment on column aias.webhook_deliveries.webhook_id is 'The webhook that it came by.';
comment on column aias.webhook_deliveries.webhook is 'The webhook''s name; null when it was removed.';
comment on column aias.webhook_deliveries.delivery_id is 'The sender''s id of the delivery, the same when it is sent again.';
comment on column aias.webhook_deliveries.source_event_id is 'The sender''s id of what happened, which several deliveries may share.';
comment on column aias.webhook_deliveries.topic is 'What it is about, as the sender says.';
comment on column aias.webhook_deliveries.account is 'Whose it is at the sender: a shop, a business.';
comment on column aias.webhook_deliveries.headers is 'Its headers, without signatures.';
comment on column aias.webhook_deliveries.payload is 'Its body; redacted where a privacy request demanded it.';
comment on column aias.webhook_deliveries.status is 'pending, started, emitted (as an event), filtered, failed, conflict (a known id with another body), duplicate (a known body under another id) or recorded (a privacy request).';
comment on column aias.webhook_deliveries.execution_id is 'The execution that it started.';
comment on column aias.webhook_deliveries.event_id is 'The event that it was emitted as.';
comment on column aias.webhook_deliveries.error is 'Why nothing could be started: {"type", "message"}.';
comment on column aias.webhook_deliveries.duplicate_count is 'How often it came again.';
comment on column aias.webhook_deliveries.replayed_from_id is 'The delivery that it is a replay of.';
comment on column aias.webhook_deliveries.received_at is 'When it came.';
comment on column aias.webhook_deliveries.redacted_at is 'When its payload was redacted.';
comment on column aias.webhook_deliveries.request_id is 'The HTTP request that it came with (its X-Request-ID).';
comment on column aias.webhook_deliveries.trace_id is 'The trace that it belongs to (32 hexadecimal digits), for aias.trace.';
comment on column aias.webhook_deliveries.correlation_id is 'The id that the sender gave to all that follows; the trace''s where none was given.';
