-- aias.execution_volume_daily: how much the workflows run, per day.
create or replace view aias.execution_volume_daily
with (security_barrier)
as
select
    d.day,
    d.tenant_id,
    t.slug as tenant,
    t.plan,
    w.name as workflow,
    sum(d.started_count)::bigint as started_count,
    sum(d.succeeded_count)::bigint as succeeded_count,
    sum(d.failed_count)::bigint as failed_count,
    sum(d.cancelled_count)::bigint as cancelled_count,
    sum(d.step_count)::bigint as step_count,
    sum(d.run_time) as run_time
from aias_private.execution_days as d
inner join aias_private.tenants as t on d.tenant_id = t.id
left join aias_private.workflows as w on d.tenant_id = w.tenant_id and d.workflow_id = w.id
where
    (select aias_private.caller_sees_all())
    or d.tenant_id = (select aias_private.caller_tenant())
group by d.day, d.tenant_id, t.slug, t.plan, d.workflow_id, w.name;
grant select on aias.execution_volume_daily to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.execution_volume_daily is
'Executions per day (UTC), tenant and workflow; kept when the executions themselves are gone. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.execution_volume_daily.day is 'The day (UTC).';
comment on column aias.execution_volume_daily.tenant_id is 'The tenant that they ran for.';
comment on column aias.execution_volume_daily.tenant is 'The tenant''s slug.';
comment on column aias.execution_volume_daily.plan is 'The tenant''s plan as it is now.';
comment on column aias.execution_volume_daily.workflow is 'The workflow''s name; null when the workflow is gone.';
comment on column aias.execution_volume_daily.started_count is
'Executions that were asked for on the day, those of triggers, replays and parents included.';
comment on column aias.execution_volume_daily.succeeded_count is 'Executions that succeeded on the day, whenever they were started.';
comment on column aias.execution_volume_daily.failed_count is
'Executions that failed for good on the day; one that is retried and ends again counts again.';
comment on column aias.execution_volume_daily.cancelled_count is 'Executions that were cancelled on the day.';
comment on column aias.execution_volume_daily.step_count is
'Steps, and items of fan-outs, that ran in the executions that ended on the day; what was skipped or reused is not in it.';
comment on column aias.execution_volume_daily.run_time is
'From first start to end of the executions that ended on the day, waits included, summed up (interval).';
