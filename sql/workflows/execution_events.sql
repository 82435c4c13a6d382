-- aias.execution_events: what happened to the executions beside their plain course.
create or replace view aias.execution_events
with (security_barrier)
as
select
    v.tenant_id,
    v.execution_id,
    v.id,
    v.at,
    v.type,
    v.step_id as step,
    nullif(v.item, -1) as item,
    v.attempt,
    v.detail
from aias_private.execution_events as v
where
    (select aias_private.caller_sees_all())
    or v.tenant_id = (select aias_private.caller_tenant());
grant select on aias.execution_events to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.execution_events is
'What happened to the executions beside their plain course: failures, rescues, interventions. Fresh.';
comment on column aias.execution_events.tenant_id is 'The tenant that the execution runs for.';
comment on column aias.execution_events.execution_id is 'The execution (aias.executions.id).';
comment on column aias.execution_events.id is 'The event''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.execution_events.at is 'When it happened.';
comment on column aias.execution_events.type is
'rescued, released, step_retry_scheduled, step_failed, step_in_doubt, fallback_used, cancelled, retried, replayed, failed, ...';
comment on column aias.execution_events.step is 'The step that it happened to, where it did to one.';
comment on column aias.execution_events.item is 'The item of a fan-out that it happened to, from 0.';
comment on column aias.execution_events.attempt is 'The attempt of the step, or of the execution where there is no step.';
comment on column aias.execution_events.detail is 'The particulars, as a JSON object.';
