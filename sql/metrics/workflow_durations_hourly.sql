-- aias.workflow_durations_hourly: how long executions took, per hour, tenant and workflow.
--
-- Cost      a plain view over rows that grow with each roll-up: nothing is refreshed. Asked for a time, it reads its hours by index.
-- requires: aias_private.histogram_percentiles
create or replace view aias.workflow_durations_hourly
with (security_barrier)
as
select
    h.at as hour,
    nullif(h.tenant_id, '00000000-0000-0000-0000-000000000000') as tenant_id,
    t.slug as tenant,
    h.plan,
    h.key as workflow,
    h.observation_count as execution_count,
    h.failure_count as failed_count,
    h.refusal_count as cancelled_count,
    round(h.failure_count / nullif(h.observation_count, 0)::numeric, 6) as error_rate,
    h.total_seconds / nullif(h.observation_count, 0) as mean_seconds,
    p.p50 as p50_seconds,
    p.p95 as p95_seconds,
    p.p99 as p99_seconds,
    h.total_seconds
from aias_private.metric_hours as h
left join aias_private.tenants as t on h.tenant_id = t.id
cross join lateral aias_private.histogram_percentiles(h.buckets, h.counts) as p
where
    h.metric = 'executions'
    and (
        (select aias_private.caller_sees_all())
        or h.tenant_id = (select aias_private.caller_tenant())
    );
grant select on aias.workflow_durations_hourly to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.workflow_durations_hourly is
'How long executions took from their first start to their end, waits included, per hour in which they ended, tenant, plan and workflow. At most a minute behind.';
comment on column aias.workflow_durations_hourly.hour is
'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.workflow_durations_hourly.tenant_id is 'The tenant; null for what belongs to none.';
comment on column aias.workflow_durations_hourly.tenant is 'The tenant''s slug.';
comment on column aias.workflow_durations_hourly.plan is
'The plan that the tenant was on then; empty for what belongs to none.';
comment on column aias.workflow_durations_hourly.workflow is 'The workflow''s name.';
comment on column aias.workflow_durations_hourly.execution_count is
'How many executions ended in the hour, of those that had started.';
comment on column aias.workflow_durations_hourly.failed_count is 'How many of them failed.';
comment on column aias.workflow_durations_hourly.cancelled_count is 'How many of them were cancelled.';
comment on column aias.workflow_durations_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.workflow_durations_hourly.mean_seconds is 'How long they took on average, in seconds.';
comment on column aias.workflow_durations_hourly.p50_seconds is
'Half of them took at most so long, in seconds; within 1 %.';
comment on column aias.workflow_durations_hourly.p95_seconds is
'95 of 100 took at most so long, in seconds; within 1 %.';
comment on column aias.workflow_durations_hourly.p99_seconds is
'99 of 100 took at most so long, in seconds; within 1 %.';
comment on column aias.workflow_durations_hourly.total_seconds is 'How long they took together, in seconds.';
