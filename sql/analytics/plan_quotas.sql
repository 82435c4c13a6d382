-- aias_private.plan_quotas: the monthly quotas of the plans, one row per plan and measure.
--
-- Note      what is stopped where a hard quota is used up is the start of executions: telemetry has its rate limit.
create or replace view aias_private.plan_quotas as
select
    p.name as plan,
    q.measure,
    q.quota,
    p.is_quota_hard and q.quota is not null and q.measure <> 'telemetry_events' as is_hard
from aias_private.plans as p
cross join lateral (
    values
    ('executions', p.executions_per_month),
    ('steps', p.steps_per_month),
    ('upstream_calls', p.upstream_calls_per_month),
    ('telemetry_events', p.telemetry_events_per_month)
) as q (measure, quota);
comment on view aias_private.plan_quotas is 'What each plan includes per month, by measure; null is unlimited.';
