-- aias.telemetry_events: what users did.
--
-- Plan      filter by tenant_id and id, or received_at: the partitions of other months are passed over by id.
create or replace view aias.telemetry_events
with (security_barrier)
as
select
    e.tenant_id,
    t.slug as tenant,
    e.id,
    e.event_id,
    e.name,
    e.user_id,
    e.session_id,
    e.occurred_at,
    e.received_at,
    e.properties,
    e.correlation_id,
    e.trace_id
from aias_private.telemetry_events as e
inner join aias_private.tenants as t on e.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or e.tenant_id = (select aias_private.caller_tenant());
grant select on aias.telemetry_events to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.telemetry_events is
'What applications say that their users did, each event once. Fresh; kept as long as retention says (30 days or more).';
comment on column aias.telemetry_events.tenant_id is 'The tenant whose users they are.';
comment on column aias.telemetry_events.tenant is 'The tenant''s slug.';
comment on column aias.telemetry_events.id is 'The event''s id here (UUIDv7): ordering by it is ordering by arrival.';
comment on column aias.telemetry_events.event_id is
'The event''s id as its sender gave it, by which a repetition within 7 days is known; else one that was made here.';
comment on column aias.telemetry_events.name is 'What was done.';
comment on column aias.telemetry_events.user_id is 'Who did it, by the sender''s own id; null where nobody is named.';
comment on column aias.telemetry_events.session_id is 'In which session, by the sender''s own id.';
comment on column aias.telemetry_events.occurred_at is 'When it was done, by the sender; else when it was received.';
comment on column aias.telemetry_events.received_at is 'When it was stored.';
comment on column aias.telemetry_events.properties is 'The particulars, as the sender gave them.';
comment on column aias.telemetry_events.correlation_id is 'The correlation id of the request or execution that it belongs to.';
comment on column aias.telemetry_events.trace_id is 'The W3C trace id that it belongs to: 32 hexadecimal digits.';
