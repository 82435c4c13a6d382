-- aias.events: what happened.
-- requires: aias_private.trace_id
create or replace view aias.events
with (security_barrier)
as
select
    e.tenant_id,
    t.slug as tenant,
    e.id,
    e.source,
    e.event_id,
    e.type,
    e.subject,
    e.at,
    e.payload,
    e.depth,
    e.emitted_by,
    e.created_at,
    e.redacted_at,
    aias_private.trace_id(e.id, e.trace_parent) as trace_id,
    coalesce(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) as correlation_id
from aias_private.events as e
inner join aias_private.tenants as t on e.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or e.tenant_id = (select aias_private.caller_tenant());
grant select on aias.events to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.events is
'What happened, as tenants and the system say it. Fresh; kept as long as retention says.';
comment on column aias.events.tenant_id is 'The tenant that it concerns.';
comment on column aias.events.tenant is 'The tenant''s slug.';
comment on column aias.events.id is 'The event''s id here (UUIDv7): ordering by it is ordering by arrival.';
comment on column aias.events.source is 'Who said so; with event_id it names the event once and for all.';
comment on column aias.events.event_id is 'The event''s id as its source gave it.';
comment on column aias.events.type is 'What happened.';
comment on column aias.events.subject is 'What it happened to, where the source says.';
comment on column aias.events.at is 'When it happened, by its source; else when it was said.';
comment on column aias.events.payload is 'The particulars; redacted where a privacy request demanded it.';
comment on column aias.events.depth is 'How many events and executions it followed from.';
comment on column aias.events.emitted_by is 'Who emitted it.';
comment on column aias.events.created_at is 'When it was stored.';
comment on column aias.events.redacted_at is 'When its payload was redacted.';
comment on column aias.events.trace_id is 'The trace that it belongs to (32 hexadecimal digits), for aias.trace.';
comment on column aias.events.correlation_id is 'The id that whoever caused it gave to all that follows; the trace''s where none was given.';
