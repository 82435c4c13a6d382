-- aias.event_deliveries: what events did for the subscriptions that they matched.
create or replace view aias.event_deliveries
with (security_barrier)
as
select
    d.tenant_id,
    d.event_id,
    d.subscription_id,
    d.status,
    d.execution_id,
    d.error,
    d.created_at,
    d.settled_at
from aias_private.event_deliveries as d
where
    (select aias_private.caller_sees_all())
    or d.tenant_id = (select aias_private.caller_tenant());
grant select on aias.event_deliveries to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.event_deliveries is
'What each event did for each subscription that it matched. Fresh.';
comment on column aias.event_deliveries.tenant_id is 'The tenant.';
comment on column aias.event_deliveries.event_id is 'The event (aias.events.id).';
comment on column aias.event_deliveries.subscription_id is 'The subscription.';
comment on column aias.event_deliveries.status is 'pending: a worker is to decide; started; filtered: the condition did not hold; failed.';
comment on column aias.event_deliveries.execution_id is 'The execution that it started.';
comment on column aias.event_deliveries.error is 'Why nothing could be started: {"type", "message"}.';
comment on column aias.event_deliveries.created_at is 'When the event came.';
comment on column aias.event_deliveries.settled_at is 'When that was decided.';
