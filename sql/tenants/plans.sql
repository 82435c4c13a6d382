-- aias.plans: what a tenant pays for.
create or replace view aias.plans as
select
    p.name,
    p.lane,
    p.executions_per_month,
    p.concurrent_executions,
    p.requests_per_minute,
    p.workflow_count,
    p.steps_per_month,
    p.upstream_calls_per_month,
    p.telemetry_events_per_month,
    p.is_quota_hard,
    p.telemetry_events_per_minute
from aias_private.plans as p;
grant select on aias.plans to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.plans is 'The plans with their lanes, quotas and limits. Fresh.';
comment on column aias.plans.name is 'The plan''s name.';
comment on column aias.plans.lane is 'The lane of executions of its tenants.';
comment on column aias.plans.executions_per_month is 'How many executions a month are included; null is unlimited.';
comment on column aias.plans.concurrent_executions is 'How many executions of one tenant may run at once.';
comment on column aias.plans.requests_per_minute is 'How many HTTP requests a minute a tenant may make.';
comment on column aias.plans.workflow_count is 'How many workflows a tenant may have; null is unlimited.';
comment on column aias.plans.steps_per_month is 'How many steps a month are included; null is unlimited.';
comment on column aias.plans.upstream_calls_per_month is 'How many calls of upstreams a month are included; null is unlimited.';
comment on column aias.plans.telemetry_events_per_month is 'How many telemetry events a month are included; null is unlimited.';
comment on column aias.plans.is_quota_hard is
'Whether executions are refused once a quota of executions, steps or calls is used up; else the use goes on and is told.';
comment on column aias.plans.telemetry_events_per_minute is
'How many telemetry events a minute a tenant may send.';
